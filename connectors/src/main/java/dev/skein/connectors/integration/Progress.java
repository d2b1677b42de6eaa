package dev.skein.connectors.integration;

import dev.skein.kernel.journal.Payload;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// How far a call has come, as it is kept while the call is put off.
///
/// @param attempts how many were made
/// @param parked how often it was put off without an attempt in between
/// @param paced whether its place under the rate limit is taken already
/// @param unpaid whether the budget had nothing left for its next attempt
record Progress(int attempts, int parked, boolean paced, boolean unpaid) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Progress NONE = new Progress(0, 0, false, false);

  static Progress of(Payload payload) {
    if (payload.size() == 0) {
      return NONE;
    }
    JsonNode json = JSON.readTree(payload.bytes());
    return new Progress(
        json.path("attempts").asInt(),
        json.path("parked").asInt(),
        json.path("paced").asBoolean(),
        json.path("unpaid").asBoolean());
  }

  Payload payload() {
    return Payload.of(
        JSON.writeValueAsBytes(
            JsonNodeFactory.instance
                .objectNode()
                .put("attempts", attempts)
                .put("parked", parked)
                .put("paced", paced)
                .put("unpaid", unpaid)));
  }

  Progress attempted() {
    return new Progress(attempts + 1, 0, false, false);
  }

  Progress held() {
    return new Progress(attempts, parked + 1, paced, unpaid);
  }

  Progress placed() {
    return new Progress(attempts, parked, true, unpaid);
  }

  Progress paid(boolean now) {
    return new Progress(attempts, parked, paced, !now);
  }
}
