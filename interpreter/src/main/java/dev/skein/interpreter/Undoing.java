package dev.skein.interpreter;

import dev.skein.kernel.Compensation;
import dev.skein.kernel.Context;
import dev.skein.kernel.Fault;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.RetryPolicy;
import dev.skein.model.Saga;
import dev.skein.model.Task;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Registers how tasks are undone, and undoes them: their compensation's tasks run with the task's
/// output as input, and the task's input as `$input`.
final class Undoing {
  private final TaskRunner tasks;
  private final Saga saga;
  private final Vault vault;

  Undoing(TaskRunner tasks, Saga saga, Vault vault) {
    this.tasks = tasks;
    this.vault = vault;
    this.saga = saga;
  }

  /// What to undo while nobody knows whether the task was done; null if it has no compensation.
  @Nullable Compensation unknown(Task task, JsonNode input, Env env) {
    return task.base().compensate().isEmpty()
        ? null
        : compensation(task, name(task, env), vault.seal(memo(task, input, env)), null);
  }

  /// The task is done: remembers how to undo it.
  void completed(Task task, JsonNode input, JsonNode output, Env env) {
    if (!task.base().compensate().isEmpty()) {
      env.kernel()
          .compensate(
              compensation(
                  task, name(task, env), vault.seal(memo(task, input, env)), vault.seal(output)));
    }
  }

  private static String name(Task task, Env env) {
    return env.place().key(task.reference());
  }

  /// The same again from what a checkpoint kept of it.
  Compensation restored(String name, Payload memo, @Nullable Payload output) {
    String task = vault.open(memo).path("task").asString();
    return compensation(tasks.task(task), name, memo, output);
  }

  private Compensation compensation(
      Task task, String name, Payload memo, @Nullable Payload output) {
    return new Compensation(name, memo, output, (kernel, known) -> undo(task, memo, known, kernel));
  }

  private static JsonNode memo(Task task, JsonNode input, Env env) {
    ObjectNode memo = Json.NODES.objectNode();
    memo.put("task", task.reference());
    memo.set("input", input);
    memo.set("context", env.shared().context);
    env.place().write(memo);
    ObjectNode variables = memo.putObject("variables");
    env.variables().forEach(variables::set);
    return memo;
  }

  private void undo(Task task, Payload sealed, @Nullable Payload output, Context kernel) {
    JsonNode memo = vault.open(sealed);
    Map<String, JsonNode> variables = new HashMap<>();
    memo.path("variables").properties().forEach(v -> variables.put(v.getKey(), v.getValue()));
    variables.put("input", memo.path("input"));
    var env =
        new Env(
            kernel,
            new Env.Shared(memo.path("context"), null, false),
            vault,
            variables,
            task.reference(),
            Place.read(memo));
    JsonNode given = output == null ? Json.NODES.nullNode() : vault.open(output);
    for (int attempt = 1; ; attempt++) {
      try {
        tasks.flow().run(task.base().compensate(), given, env);
        return;
      } catch (Fault fault) {
        kernel.sleep("retry", delay(attempt, given, env, fault));
      }
    }
  }

  private Duration delay(int attempt, JsonNode given, Env env, Fault fault) {
    RetryPolicy retry = saga.retry();
    Integer most = retry.maxAttempts();
    if (most != null && attempt > most) {
      throw fault;
    }
    return new Backoffs(tasks.templates(), given, env.scope(Map.of()))
        .delay(retry, attempt, env.kernel().random());
  }
}
