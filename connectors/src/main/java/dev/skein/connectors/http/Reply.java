package dev.skein.connectors.http;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A successful answer.
///
/// @param headers without regard to case; repeated ones joined by commas
/// @param output what the call asks for of it
public record Reply(int status, Map<String, String> headers, JsonNode output) {
  /// An output of which nothing else is known.
  public static Reply of(JsonNode output) {
    return new Reply(200, Map.of(), output);
  }
}
