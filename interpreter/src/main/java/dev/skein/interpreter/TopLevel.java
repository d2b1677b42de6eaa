package dev.skein.interpreter;

import dev.skein.kernel.Compensation;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the workflow's own list of tasks, where the run can be saved and restored: before each
/// task. What is saved is the position, the data, the context and what there is to undo.
final class TopLevel {
  private final TaskRunner tasks;
  private final List<Task> list;
  private final Undoing undoing;

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
            (index, data, visits) ->
                env.kernel()
                    .checkpoint(List.of(), () -> Json.payload(state(index, data, visits, env))));
  }

  private static JsonNode state(int index, JsonNode data, Map<String, Integer> visits, Env env) {
    ObjectNode state = Json.NODES.objectNode();
    state.put("task", index);
    state.set("data", data);
    state.set("context", env.shared().context);
    ObjectNode counts = state.putObject("visits");
    visits.forEach(counts::put);
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
