package dev.skein.connectors.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// Who the caller is, and how a request proves it. Asked anew for every attempt of a call.
/// `toString` never shows a secret, so that a call can be logged.
@FunctionalInterface
public interface Credentials {
  /// The proof for one request.
  ///
  /// @throws HttpCallException if the request can't be proven, which is the call's fault
  Proof prove(Draft request) throws HttpCallException;

  /// A request as it will be sent, but for its proof.
  ///
  /// @param method as it stands in the request line
  /// @param target path and query, encoded, as they stand in the request line
  /// @param headers by name without regard to case, `Host` included
  @SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
  record Draft(String method, String target, Map<String, String> headers, byte[] body) {
    /// Whether the call brings that header itself.
    public boolean has(String header) {
      return headers.containsKey(header);
    }

    @Override
    public String toString() {
      return "Draft[" + method + "]";
    }
  }

  /// What is added to a request. All of it is secret: outputs and logs show that it was sent, never
  /// what it says.
  ///
  /// @param headers in place of those of the call
  /// @param query unencoded, appended to that of the target
  record Proof(Map<String, String> headers, Map<String, String> query) {
    /// For a request that proves itself.
    public static final Proof NONE = new Proof(Map.of(), Map.of());

    public static Proof of(Map<String, String> headers) {
      return new Proof(headers, Map.of());
    }

    /// The `Authorization` header, unless the call brings one.
    public static Proof authorization(Draft request, String value) {
      return request.has("Authorization") ? NONE : of(Map.of("Authorization", value));
    }

    @Override
    public String toString() {
      return "Proof[***]";
    }
  }

  /// A user and a password, RFC 7617, encoded as UTF-8.
  record Basic(String user, String password) implements Credentials {
    /// The value of the `Authorization` header.
    public String header() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public Proof prove(Draft request) {
      return Proof.authorization(request, header());
    }

    @Override
    public String toString() {
      return "Basic[user=" + user + ", password=***]";
    }
  }

  /// A bearer token, RFC 6750.
  record Bearer(String token) implements Credentials {
    /// The value of the `Authorization` header.
    public String header() {
      return "Bearer " + token;
    }

    @Override
    public Proof prove(Draft request) {
      return Proof.authorization(request, header());
    }

    @Override
    public String toString() {
      return "Bearer[token=***]";
    }
  }
}
