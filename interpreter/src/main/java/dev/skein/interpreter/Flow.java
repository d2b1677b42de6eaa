package dev.skein.interpreter;

import dev.skein.model.Problem;
import dev.skein.model.Task;
import dev.skein.model.Then;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs a list of tasks: each one's output is the next one's input, and each says where to go from
/// there.
final class Flow {
  private final TaskRunner tasks;

  Flow(TaskRunner tasks) {
    this.tasks = tasks;
  }

  /// What the last task to run has put out.
  JsonNode run(List<Task> list, JsonNode input, Env env) {
    return outcome(list, input, env).output();
  }

  /// @param exited whether it was left by `exit`
  record Outcome(JsonNode output, boolean exited) {}

  Outcome outcome(List<Task> list, JsonNode input, Env env) {
    Spine spine = env.shared().spine;
    if (spine == null) {
      return run(list, new Position(0, input, new HashMap<>()), env, (_, _) -> {});
    }
    Spine.Frame frame = spine.enter();
    try {
      JsonNode saved = frame.saved();
      var from =
          saved == null ? new Position(0, input, new HashMap<>()) : Position.read(saved, env);
      return run(
          list,
          from,
          env,
          (position, task) -> {
            JsonNode context = env.shared().context;
            frame.at(state -> position.write(state, task, context));
            spine.offer(env.kernel());
          });
    } finally {
      spine.leave();
    }
  }

  /// Where in a list the flow stands.
  ///
  /// @param visits how often each task has been run already, by name
  private record Position(int index, JsonNode input, Map<String, Integer> visits) {
    /// @param task the one that is about to run, or runs: its visit will be counted again
    void write(ObjectNode state, Task task, JsonNode context) {
      state.put("task", index);
      state.set("data", input);
      state.set("context", context);
      ObjectNode counts = state.putObject("visits");
      visits.forEach(
          (name, count) -> counts.put(name, name.equals(task.name()) ? count - 1 : count));
    }

    static Position read(JsonNode state, Env env) {
      env.shared().context = state.path("context");
      var visits = new HashMap<String, Integer>();
      state.path("visits").properties().forEach(v -> visits.put(v.getKey(), v.getValue().asInt()));
      return new Position(state.path("task").asInt(), state.path("data"), visits);
    }
  }

  private Outcome run(List<Task> list, Position from, Env env, BiConsumer<Position, Task> before) {
    int index = from.index();
    JsonNode data = from.input();
    Map<String, Integer> visits = from.visits();
    while (index < list.size()) {
      Task task = list.get(index);
      int visit = visits.merge(task.name(), 1, Integer::sum);
      before.accept(new Position(index, data, visits), task);
      TaskRunner.Result result = tasks.run(task, data, env, visit);
      data = result.output();
      switch (result.then()) {
        case Then.Continue() -> index++;
        case Then.Exit() -> {
          return new Outcome(data, true);
        }
        case Then.End() -> throw new WorkflowEnd(data);
        case Then.To(String name) -> index = indexOf(list, name);
      }
    }
    return new Outcome(data, false);
  }

  private static int indexOf(List<Task> list, String name) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).name().equals(name)) {
        return i;
      }
    }
    throw Problems.fault(
        Problem.Kind.CONFIGURATION.problem("there is no task '" + name + "' to go to"));
  }
}
