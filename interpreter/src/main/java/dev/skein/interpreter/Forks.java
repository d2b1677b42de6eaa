package dev.skein.interpreter;

import dev.skein.kernel.Branch;
import dev.skein.model.ForkTask;
import dev.skein.model.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the branches of a fork side by side, each with its own copy of the context.
final class Forks {
  private final TaskRunner tasks;

  Forks(TaskRunner tasks) {
    this.tasks = tasks;
  }

  /// @param end set where the branch has won a race by ending the workflow
  private record Done(JsonNode output, JsonNode context, @Nullable WorkflowEnd end) {}

  JsonNode run(ForkTask fork, JsonNode input, Env env) {
    JsonNode context = env.shared().context;
    var branches = new ArrayList<Branch<Done>>();
    for (int i = 0; i < fork.branches().size(); i++) {
      Task task = fork.branches().get(i);
      String place = "/fork/branches/" + i;
      branches.add(
          new Branch<>(
              place,
              scope -> {
                Env inside = env.in(scope, fork.reference() + place).sharing(context);
                return branch(fork, task, input, inside);
              }));
    }
    String name = env.name(fork.reference());
    if (fork.compete()) {
      Done winner = env.kernel().race(name, branches);
      env.shared().context = winner.context;
      if (winner.end != null) {
        throw winner.end;
      }
      return winner.output;
    }
    ArrayNode outputs = Json.NODES.arrayNode();
    for (Done done : env.kernel().fork(name, Math.max(1, branches.size()), branches)) {
      outputs.add(done.output);
      env.shared().context = merged(context, env.shared().context, done.context);
    }
    return outputs;
  }

  private Done branch(ForkTask fork, Task task, JsonNode input, Env inside) {
    try {
      JsonNode output = tasks.flow().run(List.of(task), input, inside);
      return new Done(output, inside.shared().context, null);
    } catch (WorkflowEnd end) {
      // thrown, it would cost the branch the race: only who completes wins
      if (fork.compete()) {
        return new Done(end.output(), inside.shared().context, end);
      }
      throw end;
    }
  }

  /// What the branch has changed since `before`, on top of `current`.
  static JsonNode merged(JsonNode before, JsonNode current, JsonNode branch) {
    if (branch.equals(before)) {
      return current;
    }
    if (!(current instanceof ObjectNode old) || !(branch instanceof ObjectNode changed)) {
      return branch;
    }
    ObjectNode result = Json.NODES.objectNode();
    result.setAll(old);
    for (Map.Entry<String, JsonNode> field : changed.properties()) {
      if (!field.getValue().equals(before.get(field.getKey()))) {
        result.set(field.getKey(), field.getValue());
      }
    }
    return result;
  }
}
