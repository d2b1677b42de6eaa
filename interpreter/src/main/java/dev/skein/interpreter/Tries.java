package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Context;
import dev.skein.kernel.Fault;
import dev.skein.kernel.SagaRules;
import dev.skein.kernel.TimedOut;
import dev.skein.model.Catch;
import dev.skein.model.Durations;
import dev.skein.model.Problem;
import dev.skein.model.RetryPolicy;
import dev.skein.model.TryTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs tasks, tries them again, and handles the error that remains. The waits between attempts are
/// timers of the kernel: a restart resets neither the count nor the time.
final class Tries {
  private final TaskRunner tasks;

  Tries(TaskRunner tasks) {
    this.tasks = tasks;
  }

  TaskRunner.Result run(TryTask task, JsonNode input, Env env, Scope scope) {
    Spine spine = env.shared().spine;
    if (spine == null) {
      return run(task, input, new At(env, scope, new State(1, env.kernel().now(), null)), _ -> {});
    }
    Spine.Frame frame = spine.enter();
    try {
      JsonNode saved = frame.saved();
      State from = saved == null ? new State(1, env.kernel().now(), null) : State.read(saved);
      return run(task, input, new At(env, scope, from), state -> frame.at(state::write));
    } finally {
      spine.leave();
    }
  }

  /// How far a `try` has come.
  ///
  /// @param attempt from 1
  /// @param error the one that is being handled; null while attempts are made
  private record State(int attempt, Instant begun, @Nullable JsonNode error) {
    void write(ObjectNode state) {
      state.put("attempt", attempt);
      state.put("begun", begun.toString());
      if (error != null) {
        state.set("error", error);
      }
    }

    static State read(JsonNode state) {
      return new State(
          state.path("attempt").asInt(),
          Instant.parse(state.path("begun").asString()),
          state.get("error"));
    }
  }

  /// Where a `try` is run.
  private record At(Env env, Scope scope, State from) {}

  private TaskRunner.Result run(TryTask task, JsonNode input, At at, Consumer<State> stands) {
    Env env = at.env();
    String name = env.name(task.reference());
    Context inside = env.kernel().scope(name);
    State state = at.from();
    while (true) {
      stands.accept(state);
      JsonNode handled = state.error();
      if (handled != null) {
        return handle(task, input, env.with(task.handler().as(), handled));
      }
      Fault fault;
      try {
        Bound bound = bound(task, input, at.scope(), state.begun(), inside.now());
        JsonNode output = attempt(task, input, env.in(inside, task.reference()), bound);
        return new TaskRunner.Result(output, task.base().then());
      } catch (Fault e) {
        fault = e;
      }
      JsonNode error = Problems.problem(fault.failure()).toJson();
      Env handling = env.with(task.handler().as(), error);
      if (!catches(task, fault, error, input, handling)) {
        throw fault;
      }
      Duration delay = delay(task.handler().retry(), state, input, handling, inside);
      if (delay == null) {
        inside.undo(SagaRules.Order.REVERSE);
        state = new State(state.attempt(), state.begun(), error);
      } else {
        inside.sleep(name + "/retry", delay);
        state = new State(state.attempt() + 1, state.begun(), null);
      }
    }
  }

  /// How long an attempt may take.
  ///
  /// @param what took too long, if it does
  private record Bound(Duration limit, String what) {}

  /// The sooner of the attempt's own limit and the end of the whole retry; null if there is
  /// neither.
  private @Nullable Bound bound(
      TryTask task, JsonNode input, Scope scope, Instant begun, Instant now) {
    RetryPolicy retry = task.handler().retry();
    if (retry == null) {
      return null;
    }
    Bound bound = null;
    if (retry.attemptDuration() != null) {
      Duration most = duration(retry.attemptDuration(), input, scope);
      bound =
          new Bound(most, "an attempt of '%s' took longer than %s".formatted(task.name(), most));
    }
    if (retry.duration() != null) {
      Duration whole = duration(retry.duration(), input, scope);
      Duration left = Duration.between(now, begun.plus(whole));
      if (bound == null || left.compareTo(bound.limit()) < 0) {
        String what = "'%s' with its retries took longer than %s".formatted(task.name(), whole);
        bound = new Bound(left.isNegative() ? Duration.ZERO : left, what);
      }
    }
    return bound;
  }

  private Duration duration(JsonNode given, JsonNode input, Scope scope) {
    return Durations.parse(tasks.templates().evaluate(given, input, scope));
  }

  private JsonNode attempt(TryTask task, JsonNode input, Env env, @Nullable Bound bound) {
    if (bound == null) {
      return tasks.flow().run(task.tasks(), input, env);
    }
    try {
      return env.kernel()
          .limit(
              "attempt",
              bound.limit(),
              in -> tasks.flow().run(task.tasks(), input, env.in(in, task.reference())));
    } catch (TimedOut timedOut) {
      throw Problems.fault(Problem.Kind.TIMEOUT.problem(bound.what()).at(task.reference()));
    }
  }

  private boolean catches(TryTask task, Fault fault, JsonNode error, JsonNode input, Env env) {
    Catch handler = task.handler();
    if (fault.failure().type().equals(Fault.NOT_UNDONE) || !fits(handler.filter(), error)) {
      return false;
    }
    Scope scope = env.scope(Map.of("input", input));
    return holds(handler.when(), true, input, scope)
        && !holds(handler.exceptWhen(), false, input, scope);
  }

  private boolean holds(
      @Nullable String condition, boolean otherwise, JsonNode input, Scope scope) {
    return condition == null ? otherwise : tasks.templates().holds(condition, input, scope);
  }

  private static boolean fits(JsonNode filter, JsonNode error) {
    if (filter.isMissingNode()) {
      return true;
    }
    for (Map.Entry<String, JsonNode> wanted : filter.properties()) {
      JsonNode found = error.path(wanted.getKey());
      boolean same =
          switch (wanted.getKey()) {
            case "type" -> Problem.sameType(found.asString(""), wanted.getValue().asString(""));
            case "status" -> found.asInt(-1) == wanted.getValue().asInt(-2);
            default -> found.equals(wanted.getValue());
          };
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /// How long to wait before the next attempt; null if there is to be none.
  private @Nullable Duration delay(
      @Nullable RetryPolicy policy, State failed, JsonNode input, Env env, Context inside) {
    if (policy == null) {
      return null;
    }
    Scope scope = env.scope(Map.of("input", input));
    boolean wanted =
        holds(policy.when(), true, input, scope)
            && !holds(policy.exceptWhen(), false, input, scope);
    Integer most = policy.maxAttempts();
    if (!wanted || (most != null && failed.attempt() > most)) {
      return null;
    }
    Duration delay =
        new Backoffs(tasks.templates(), input, scope)
            .delay(policy, failed.attempt(), inside.random());
    if (policy.duration() != null) {
      Duration whole = duration(policy.duration(), input, scope);
      if (inside.now().plus(delay).isAfter(failed.begun().plus(whole))) {
        return null;
      }
    }
    return delay;
  }

  private TaskRunner.Result handle(TryTask task, JsonNode input, Env env) {
    JsonNode output = tasks.flow().run(task.handler().tasks(), input, env);
    return new TaskRunner.Result(output, task.handler().then());
  }
}
