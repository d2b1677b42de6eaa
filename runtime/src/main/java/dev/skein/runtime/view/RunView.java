package dev.skein.runtime.view;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.kernel.WakeReason;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A run, as anybody may see it.
///
/// @param owner the node that has it, of several that share the store; else null
/// @param error problem details of a faulted run
/// @param waitingFor why an open run is open; empty when it has ended
public record RunView(
    RunRow row,
    @Nullable String owner,
    @Nullable JsonNode input,
    @Nullable JsonNode output,
    @Nullable JsonNode error,
    Map<String, String> attributes,
    List<WakeReason> waitingFor,
    List<Incident> incidents) {

  public static RunView of(
      RunRow row,
      List<Entry> journal,
      @Nullable String owner,
      Map<String, String> attributes,
      List<Incident> incidents) {
    JsonNode input = null;
    JsonNode output = null;
    JsonNode error = null;
    for (Entry entry : journal) {
      if (entry instanceof Entry.RunStarted started) {
        input = Views.json(started.input());
      } else if (entry instanceof Entry.RunEnded ended) {
        output = ended.output() == null ? null : Views.json(ended.output());
        error = ended.failure() == null ? null : Problems.problem(ended.failure()).toJson();
      } else if (entry instanceof Entry.RunReopened) {
        error = null;
      }
    }
    return new RunView(row, owner, input, output, error, attributes, waitingFor(row), incidents);
  }

  public String id() {
    return row.id();
  }

  public String status() {
    return row.status().toString();
  }

  /// The shape that every surface shows.
  public ObjectNode toJson() {
    ObjectNode json = summary(row);
    json.put("owner", owner);
    json.set("input", input == null ? Json.NODES.nullNode() : input);
    json.set("output", output == null ? Json.NODES.nullNode() : output);
    json.set("error", error == null ? Json.NODES.nullNode() : error);
    ObjectNode named = json.putObject("attributes");
    attributes.forEach(named::put);
    json.set("waitingFor", reasons(waitingFor));
    ArrayNode problems = json.putArray("incidents");
    for (Incident incident : incidents) {
      problems
          .addObject()
          .put("id", RunNumbers.id(incident.id()))
          .put("kind", incident.kind())
          .put("summary", incident.summary())
          .put("details", incident.details())
          .put("openedAt", incident.openedAt().toString());
    }
    return json;
  }

  /// Why it is open; empty when it has ended.
  public static List<WakeReason> waitingFor(RunRow row) {
    return WakeReason.decode(row.progress().wake());
  }

  public static ArrayNode reasons(List<WakeReason> reasons) {
    ArrayNode json = Json.NODES.arrayNode();
    for (WakeReason reason : reasons) {
      ObjectNode one = json.addObject();
      one.put("kind", reason.kind().toString());
      one.put("what", reason.what());
      if (reason.at() != null) {
        one.put("at", reason.at().toString());
      }
    }
    return json;
  }

  /// What a list of runs shows of each.
  public static ObjectNode summary(RunRow row) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("id", row.id());
    json.putObject("workflow")
        .put("namespace", row.workflow().namespace())
        .put("name", row.workflow().name())
        .put("version", row.workflow().version());
    json.put("status", row.status().toString());
    json.put("startedAt", row.startedAt().toString());
    if (row.progress().endedAt() != null) {
      json.put("endedAt", row.progress().endedAt().toString());
    }
    json.put("priority", row.priority());
    return json;
  }
}
