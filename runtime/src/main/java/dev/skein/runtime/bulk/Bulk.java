package dev.skein.runtime.bulk;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.store.RunRow;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// One action on many runs, under way or over, as its own run's journal has it.
///
/// @param matched how many runs it is done to
/// @param done those that it was done to
/// @param refusals those that it could not be done to
/// @param over whether nothing more will be done
public record Bulk(
    String id, Order order, int matched, List<String> done, List<Refusal> refusals, boolean over) {

  /// What is to be done.
  ///
  /// @param by who wants it
  public record Order(Action action, String reason, String by) {}

  /// A run that it was not done to, and why.
  public record Refusal(String run, String message) {}

  static Bulk of(RunRow row, List<Entry> journal) {
    JsonNode input = Json.NODES.objectNode();
    var done = new ArrayList<String>();
    var refusals = new ArrayList<Refusal>();
    for (Entry entry : journal) {
      switch (entry) {
        case Entry.RunStarted started -> input = Json.json(started.input());
        case Entry.StepCompleted lot -> {
          JsonNode outcome = Json.json(lot.output());
          done.addAll(BulkWorkflow.texts(outcome.path("done")));
          for (JsonNode one : outcome.path("refused")) {
            refusals.add(new Refusal(one.path("run").asString(), one.path("message").asString()));
          }
        }
        default -> {}
      }
    }
    var order =
        new Order(
            Action.valueOf(input.path("action").asString()),
            input.path("reason").asString(),
            input.path("by").asString());
    return new Bulk(
        row.id(), order, input.path("runs").size(), done, refusals, row.status().ended());
  }

  public Action action() {
    return order.action;
  }

  /// Who wants it.
  public String by() {
    return order.by;
  }
}
