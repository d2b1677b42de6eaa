package dev.skein.interpreter;

import dev.skein.kernel.Context;
import dev.skein.model.Task;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The runtime arguments `$workflow`, `$task` and `$runtime`, as the language describes them.
final class Descriptors {
  static final JsonNode RUNTIME =
      Json.NODES.objectNode().put("name", "skein").put("version", version());

  private Descriptors() {}

  private static String version() {
    String version = Descriptors.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static JsonNode workflow(Context kernel, JsonNode definition, JsonNode input) {
    ObjectNode descriptor = Json.NODES.objectNode();
    descriptor.put("id", kernel.runId());
    descriptor.set("definition", definition);
    descriptor.set("input", input);
    descriptor.set("startedAt", time(kernel.startedAt()));
    return descriptor;
  }

  static ObjectNode task(Task task, JsonNode input, Instant startedAt) {
    ObjectNode descriptor = Json.NODES.objectNode();
    descriptor.put("name", task.name());
    descriptor.put("reference", task.reference());
    descriptor.set("definition", task.base().definition());
    descriptor.set("input", input);
    descriptor.set("startedAt", time(startedAt));
    return descriptor;
  }

  private static JsonNode time(Instant instant) {
    ObjectNode time = Json.NODES.objectNode();
    time.put("iso8601", instant.toString());
    time.putObject("epoch")
        .put("seconds", instant.getEpochSecond())
        .put("milliseconds", instant.toEpochMilli());
    return time;
  }
}
