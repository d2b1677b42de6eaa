package dev.skein.supervision.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An alert that fires, as its run keeps it.
///
/// @param node which asked; null if one asks for all
/// @param since when its condition began to hold
/// @param test whether somebody only wants to see that word gets through
record Alert(
    String name,
    @Nullable String node,
    String severity,
    String summary,
    Instant since,
    @Nullable Duration repeat,
    boolean test,
    List<JsonNode> channels) {

  static Alert of(
      AlertRule rule, @Nullable String node, String summary, Instant since, boolean test) {
    return new Alert(
        rule.name(),
        node,
        rule.severity().name().toLowerCase(Locale.ROOT),
        summary,
        since,
        rule.repeat(),
        test,
        rule.channels());
  }

  static Alert read(JsonNode json) {
    String repeat = json.path("repeat").asString(null);
    var channels = new ArrayList<JsonNode>();
    json.path("channels").forEach(channels::add);
    return new Alert(
        json.path("alert").asString(),
        json.path("node").asString(null),
        json.path("severity").asString(),
        json.path("summary").asString(),
        Instant.parse(json.path("since").asString()),
        repeat == null ? null : Duration.parse(repeat),
        json.path("test").asBoolean(false),
        channels);
  }

  ObjectNode toJson() {
    ObjectNode json = told();
    if (repeat != null) {
      json.put("repeat", repeat.toString());
    }
    json.put("test", test);
    channels.forEach(json.putArray("channels")::add);
    return json;
  }

  /// What those hear who are told.
  ///
  /// @param state `firing`, `still-firing`, `resolved` or `test`
  ObjectNode message(String state, String run, Instant at) {
    return told().put("state", state).put("run", run).put("at", at.toString());
  }

  private ObjectNode told() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("alert", name).put("severity", severity).put("summary", summary);
    if (node != null) {
      json.put("node", node);
    }
    return json.put("since", since.toString());
  }
}
