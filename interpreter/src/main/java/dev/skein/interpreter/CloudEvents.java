package dev.skein.interpreter;

import dev.skein.kernel.Announcement;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Events as CloudEvents 1.0 in their JSON form, which is what the kernel's events carry.
public final class CloudEvents {
  /// What every event must have, beside `specversion`.
  static final List<String> REQUIRED = List.of("id", "source", "type");

  /// What the types of events about runs and tasks begin with.
  public static final String LIFECYCLE = "io.serverlessworkflow.";

  private static final String SIGNALS = "skein:signal";

  private CloudEvents() {}

  /// An event as one is sent to a single run.
  ///
  /// @param id a new one for each
  /// @param type what the run waits for
  /// @param data any JSON
  public static Announcement signal(String id, String type, JsonNode data, Instant at) {
    ObjectNode event = event(id, SIGNALS, type, at);
    return announcement(event.set("data", data));
  }

  /// The attributes of an event about a run.
  ///
  /// @param id a new one for each
  /// @param type what follows [#LIFECYCLE]
  public static ObjectNode lifecycle(String id, String run, String type, Instant at) {
    return event(id, sourceOf(run), LIFECYCLE + type, at);
  }

  /// The source of events about a run.
  static String sourceOf(String run) {
    return "/runs/" + run;
  }

  /// The attributes every event has.
  static ObjectNode event(String id, String source, String type, Instant at) {
    ObjectNode event = Json.NODES.objectNode();
    event.put("specversion", "1.0");
    event.put("id", id);
    event.put("source", source);
    event.put("type", type);
    event.put("time", at.toString());
    return event;
  }

  /// An event from outside.
  ///
  /// @throws IllegalArgumentException with what it lacks
  public static Announcement checked(JsonNode event, Instant at) {
    for (String name : REQUIRED) {
      if (!event.path(name).isString() || event.path(name).asString().isEmpty()) {
        throw new IllegalArgumentException("a CloudEvent needs '" + name + "', a text");
      }
    }
    ObjectNode whole = Json.NODES.objectNode();
    whole.put("specversion", "1.0");
    event.properties().forEach(f -> whole.set(f.getKey(), f.getValue()));
    if (!whole.has("time")) {
      whole.put("time", at.toString());
    }
    return announcement(whole);
  }

  /// What is published for it.
  public static Announcement announcement(JsonNode event) {
    return new Announcement(
        event.path("source").asString(),
        event.path("id").asString(),
        event.path("type").asString(),
        Json.payload(event));
  }

  /// The data of an event; null if it has none.
  public static JsonNode data(JsonNode event) {
    @Nullable JsonNode data = event.get("data");
    return data == null ? Json.NODES.nullNode() : data;
  }

  /// @param as `data`, `envelope` or `raw`
  static JsonNode read(JsonNode event, String as) {
    return switch (as) {
      case "envelope" -> event;
      case "raw" -> raw(event);
      default -> data(event);
    };
  }

  /// The data as it came: base64 where it is binary, text where it is text, else JSON text.
  static JsonNode raw(JsonNode event) {
    JsonNode binary = event.get("data_base64");
    if (binary != null) {
      return binary;
    }
    JsonNode data = data(event);
    return data.isString() || data.isNull() ? data : Json.NODES.stringNode(Json.text(data));
  }
}
