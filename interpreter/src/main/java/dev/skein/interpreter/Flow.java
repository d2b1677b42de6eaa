package dev.skein.interpreter;

import dev.skein.model.Problem;
import dev.skein.model.Task;
import dev.skein.model.Then;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Runs a list of tasks: each one's output is the next one's input, and each says where to go from
/// there.
final class Flow {
  private final TaskRunner tasks;

  Flow(TaskRunner tasks) {
    this.tasks = tasks;
  }

  /// Told before each task of a list that may be resumed.
  @FunctionalInterface
  interface Before {
    void task(int index, JsonNode input, Map<String, Integer> visits);
  }

  /// What the last task to run has put out.
  JsonNode run(List<Task> list, JsonNode input, Env env) {
    return run(list, new Position(0, input, new HashMap<>()), env, (_, _, _) -> {});
  }

  /// Where in a list the flow stands.
  ///
  /// @param visits how often each task has been run already, by name
  record Position(int index, JsonNode input, Map<String, Integer> visits) {}

  JsonNode run(List<Task> list, Position from, Env env, Before before) {
    int index = from.index();
    JsonNode data = from.input();
    Map<String, Integer> visits = from.visits();
    while (index < list.size()) {
      Task task = list.get(index);
      before.task(index, data, visits);
      int visit = visits.merge(task.name(), 1, Integer::sum);
      TaskRunner.Result result = tasks.run(task, data, env, visit);
      data = result.output();
      switch (result.then()) {
        case Then.Continue() -> index++;
        case Then.Exit() -> {
          return data;
        }
        case Then.End() -> throw new WorkflowEnd(data);
        case Then.To(String name) -> index = indexOf(list, name);
      }
    }
    return data;
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
