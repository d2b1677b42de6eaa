package dev.skein.server.http;

import dev.skein.interpreter.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a request gets.
@SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
public record Answer(int status, Map<String, String> headers, byte[] body) {
  public static Answer json(int status, JsonNode body) {
    return of(status, "application/json", Json.text(body));
  }

  public static Answer ok(JsonNode body) {
    return json(200, body);
  }

  public static Answer of(int status, String type, String body) {
    return new Answer(status, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
  }

  public static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  public Answer with(String header, String value) {
    return with(Map.of(header, value));
  }

  public Answer with(Map<String, String> others) {
    var all = new LinkedHashMap<>(headers);
    all.putAll(others);
    return new Answer(status, all, body);
  }
}
