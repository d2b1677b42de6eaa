package dev.skein.supervision.alert;

import dev.skein.kernel.journal.Payload;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON in journals.
final class Payloads {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Payloads() {}

  static Payload of(JsonNode json) {
    return Payload.of(MAPPER.writeValueAsBytes(json));
  }

  static JsonNode json(Payload payload) {
    return MAPPER.readTree(payload.bytes());
  }
}
