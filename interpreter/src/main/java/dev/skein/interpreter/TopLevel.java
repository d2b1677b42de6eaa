package dev.skein.interpreter;

import dev.skein.kernel.Compensation;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.ForTask;
import dev.skein.model.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the workflow's own list of tasks, where the run can be saved and restored: before each
/// task, and before each iteration of a loop of that list. What is saved is the position, the data,
/// the context and what there is to undo. Owned by the run's own thread.
final class TopLevel {
  private final TaskRunner tasks;
  private final List<Task> list;
  private final Undoing undoing;
  private Flow.Position at = new Flow.Position(0, Json.NODES.nullNode(), Map.of());
  private JsonNode contextBefore = Json.NODES.nullNode();
  private @Nullable JsonNode loopToRestore;

  TopLevel(TaskRunner tasks, List<Task> list, Undoing undoing) {
    this.tasks = tasks;
    this.list = list;
    this.undoing = undoing;
  }

  JsonNode run(JsonNode input, Env env) {
    Payload saved = env.kernel().restored();
    var from =
        saved == null
            ? new Flow.Position(0, input, new HashMap<>())
            : restore(Json.json(saved), env);
    return tasks
        .flow()
        .run(
            list,
            from,
            env,
            (index, data, visits) -> {
              at = new Flow.Position(index, data, Map.copyOf(visits));
              contextBefore = env.shared().context;
              env.kernel().checkpoint(List.of(), () -> Json.payload(state(env)));
            });
  }

  /// Whether the loop stands in the workflow's own list, so that its iterations can be saved.
  boolean holds(ForTask loop) {
    return list.get(at.index()).reference().equals(loop.reference());
  }

  /// Offers to save the run before an iteration.
  void beforeIteration(ForTask loop, int index, JsonNode data, Env env) {
    env.kernel()
        .checkpoint(
            List.of(env.name(loop.reference())),
            () -> {
              ObjectNode state = state(env);
              ObjectNode position = state.putObject("loop");
              position.put("index", index);
              position.set("data", data);
              position.set("context", env.shared().context);
              return Json.payload(state);
            });
  }

  /// Where a restored loop goes on; the beginning for any other.
  Loops.Turn turn(JsonNode items, JsonNode input, Env env) {
    JsonNode saved = loopToRestore;
    loopToRestore = null;
    if (saved == null) {
      return new Loops.Turn(items, 0, input);
    }
    env.shared().context = saved.path("context");
    return new Loops.Turn(items, saved.path("index").asInt(), saved.path("data"));
  }

  private ObjectNode state(Env env) {
    ObjectNode state = Json.NODES.objectNode();
    state.put("task", at.index());
    state.set("data", at.input());
    state.set("context", contextBefore);
    ObjectNode counts = state.putObject("visits");
    at.visits().forEach(counts::put);
    ArrayNode compensations = state.putArray("compensations");
    for (Compensation compensation : env.kernel().compensations()) {
      ObjectNode one = compensations.addObject();
      one.put("name", compensation.name());
      one.set("memo", Json.json(compensation.memo()));
      Payload output = compensation.output();
      if (output != null) {
        one.set("output", Json.json(output));
      }
    }
    return state;
  }

  private Flow.Position restore(JsonNode state, Env env) {
    env.shared().context = state.path("context");
    loopToRestore = state.get("loop");
    var byReference = new HashMap<String, Task>();
    tasks.everyTask(task -> byReference.put(task.reference(), task));
    for (JsonNode one : state.path("compensations")) {
      JsonNode memo = one.path("memo");
      String reference = memo.path("task").asString();
      Task task = byReference.get(reference);
      if (task == null) {
        throw Problems.fault(YamlWorkflow.missing(reference));
      }
      JsonNode output = one.get("output");
      undoing.restore(
          task,
          one.path("name").asString(),
          memo,
          output == null ? null : Json.payload(output),
          env);
    }
    var visits = new HashMap<String, Integer>();
    state.path("visits").properties().forEach(v -> visits.put(v.getKey(), v.getValue().asInt()));
    return new Flow.Position(state.path("task").asInt(), state.path("data"), visits);
  }
}
