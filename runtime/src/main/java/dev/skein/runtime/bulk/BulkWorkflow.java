package dev.skein.runtime.bulk;

import dev.skein.interpreter.Json;
import dev.skein.kernel.Context;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.Skein;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Does one thing to many runs, some at a time: each lot is a step, so that a crash repeats one at
/// the most. What was done to a run before that is found to be so.
final class BulkWorkflow implements Workflow {
  static final WorkflowRef REF = new WorkflowRef("skein", "bulk", "1.0.0");

  private static final Logger LOG = LoggerFactory.getLogger(BulkWorkflow.class);
  private static final int LOT = 100;
  private static final int WORKERS = 8;

  private final Skein skein;

  BulkWorkflow(Skein skein) {
    this.skein = skein;
  }

  @Override
  public Payload run(Context context, Payload input) {
    JsonNode order = Json.json(input);
    Action action = Action.valueOf(order.path("action").asString());
    List<String> runs = texts(order.path("runs"));
    String reason = order.path("reason").asString();
    int done = 0;
    for (int from = 0; from < runs.size(); from += LOT) {
      List<String> lot = runs.subList(from, Math.min(runs.size(), from + LOT));
      Payload outcome =
          context.step("lot", _ -> new Lot(action, reason, context.runId(), lot).done().outcome());
      done += Json.json(outcome).path("done").size();
    }
    return Json.payload(Json.NODES.objectNode().put("done", done));
  }

  static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  /// Some of the runs, side by side.
  private final class Lot {
    private final Action action;
    private final String reason;
    private final String bulk;
    private final ConcurrentLinkedQueue<String> todo;
    private final List<String> done = new ArrayList<>();
    private final List<Bulk.Refusal> refused = new ArrayList<>();
    private volatile boolean closed;

    Lot(Action action, String reason, String bulk, List<String> runs) {
      this.action = action;
      this.reason = reason;
      this.bulk = bulk;
      this.todo = new ConcurrentLinkedQueue<>(runs);
    }

    Lot done() throws InterruptedException {
      var workers = new ArrayList<Thread>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(Thread.ofVirtual().name("skein-bulk").start(this::work));
      }
      try {
        for (Thread worker : workers) {
          worker.join();
        }
      } finally {
        todo.clear(); // whoever interrupts this wants no more to be done
      }
      if (closed) { // the next to have this run does the lot again
        throw new InterruptedException("the engine is closing");
      }
      return this;
    }

    private void work() {
      for (String run = todo.poll(); run != null; run = todo.poll()) {
        try {
          action.on(skein, run, reason, bulk);
          tell(run, null);
        } catch (EngineException e) {
          if (e.code() == EngineException.Code.CLOSED) {
            closed = true;
            todo.clear();
          } else {
            tell(run, action.isSo(skein, run) ? null : e);
          }
        } catch (RuntimeException e) {
          LOG.debug("bulk {} cannot {} run {}", bulk, action, run, e);
          tell(run, e);
        }
      }
    }

    private synchronized void tell(String run, @Nullable Exception why) {
      if (why == null) {
        done.add(run);
      } else {
        refused.add(new Bulk.Refusal(run, String.valueOf(why.getMessage())));
      }
    }

    synchronized Payload outcome() {
      ObjectNode json = Json.NODES.objectNode();
      ArrayNode ids = json.putArray("done");
      done.forEach(ids::add);
      ArrayNode refusals = json.putArray("refused");
      refused.forEach(
          one -> refusals.addObject().put("run", one.run()).put("message", one.message()));
      return Json.payload(json);
    }
  }
}
