package dev.skein.connectors.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Who the caller is, sent as the `Authorization` header unless the call sets that header itself.
/// `toString` never shows a secret, so that a call can be logged.
@FunctionalInterface
public interface Credentials {
  /// The value of the `Authorization` header for one request.
  ///
  /// @param method as it stands in the request line
  /// @param target path and query, encoded, as they stand in the request line
  String authorization(String method, String target);

  /// A user and a password, RFC 7617, encoded as UTF-8.
  record Basic(String user, String password) implements Credentials {
    @Override
    public String authorization(String method, String target) {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
      return "Basic[user=" + user + ", password=***]";
    }
  }

  /// A bearer token, RFC 6750.
  record Bearer(String token) implements Credentials {
    @Override
    public String authorization(String method, String target) {
      return "Bearer " + token;
    }

    @Override
    public String toString() {
      return "Bearer[token=***]";
    }
  }
}
