package dev.skein.connectors.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which headers carry secrets. An output or a log shows that they were sent, never their value.
final class Secrets {
  static final String REDACTED = "***";

  private static final Set<String> NAMES = Set.of("authorization", "proxy-authorization", "cookie");
  private static final Set<String> PARTS =
      Set.of("token", "secret", "password", "api-key", "apikey");

  private Secrets() {}

  static Map<String, String> redacted(Map<String, String> headers) {
    Map<String, String> shown = new LinkedHashMap<>();
    headers.forEach((name, value) -> shown.put(name, isSecret(name) ? REDACTED : value));
    return shown;
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.contains(lower) || PARTS.stream().anyMatch(lower::contains);
  }
}
