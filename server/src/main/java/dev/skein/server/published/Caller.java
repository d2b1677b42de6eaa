package dev.skein.server.published;

import dev.skein.model.ApiOperation;
import dev.skein.server.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who calls, as far as the request tells.
///
/// @param credential by which the caller can be told from others, wherever it calls from; empty for
///   one that shows none
/// @param remote the address the request comes from
record Caller(String credential, String remote) {
  private static final String AUTHORIZATION = "Authorization";
  private static final String API_KEY = "X-API-Key";

  static Caller of(ApiOperation operation, Request request) {
    String key = operation.key();
    String shown =
        Stream.of(key == null ? AUTHORIZATION : key, AUTHORIZATION, API_KEY)
            .map(header -> value(request, header))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    return new Caller(shown, request.remote());
  }

  private static String value(Request request, String header) {
    @Nullable String value = request.header(header);
    return value == null || value.isBlank() ? "" : header + " " + value.strip();
  }

  /// What is limited together; it does not give the credential away.
  String name() {
    return credential.isEmpty() ? "from " + remote : hash(credential);
  }

  /// The id of the run that a caller starts under a key of its own, whenever and from wherever it
  /// does.
  ///
  /// @param endpoint the names that the workflow keeps from version to version
  String runId(String endpoint, String key) {
    return "api-" + hash(endpoint + "\n" + hash(credential) + "\n" + key).substring(0, 40);
  }

  private static String hash(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no SHA-256; mend its settings", e);
    }
  }
}
