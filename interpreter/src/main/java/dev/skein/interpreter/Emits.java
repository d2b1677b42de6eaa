package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Context;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.EmitTask;
import dev.skein.model.Problem;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Publishes events. An event without an id gets the key of the task's execution, so that it is one
/// event however often it is published.
final class Emits {
  private final Templates templates;
  private final Vault vault;

  Emits(Templates templates, Vault vault) {
    this.templates = templates;
    this.vault = vault;
  }

  /// The event, as it was published first.
  JsonNode run(EmitTask task, JsonNode input, Env env, Scope scope) {
    Context kernel = env.kernel();
    Payload published =
        kernel.publish(
            env.name(task.reference()),
            () -> {
              JsonNode event = vault.redacted(event(task, input, env, scope));
              return CloudEvents.announcement(event);
            });
    return Json.json(published);
  }

  private JsonNode event(EmitTask task, JsonNode input, Env env, Scope scope) {
    JsonNode given = templates.evaluate(task.event(), input, scope);
    Context kernel = env.kernel();
    String id = kernel.runId() + ":" + env.place().key(task.reference());
    String source = "skein:" + kernel.workflow().namespace() + "/" + kernel.workflow().name();
    Instant now = kernel.now();
    ObjectNode event = CloudEvents.event(id, source, "", now);
    for (Map.Entry<String, JsonNode> attribute : given.properties()) {
      if (!attribute.getValue().isNull()) {
        event.set(attribute.getKey(), attribute.getValue());
      }
    }
    for (String name : CloudEvents.REQUIRED) {
      if (!event.path(name).isString() || event.path(name).asString().isEmpty()) {
        throw Problems.fault(
            Problem.Kind.EXPRESSION.problem(
                "the event's '%s' must be a text, not %s"
                    .formatted(name, Json.text(event.path(name)))));
      }
    }
    if (event.has("data") && !event.has("datacontenttype")) {
      event.put("datacontenttype", "application/json");
    }
    return event;
  }
}
