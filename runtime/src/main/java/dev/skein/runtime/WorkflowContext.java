package dev.skein.runtime;

import dev.skein.interpreter.CloudEvents;
import dev.skein.interpreter.Json;
import dev.skein.kernel.Branch;
import dev.skein.kernel.Compensation;
import dev.skein.kernel.Context;
import dev.skein.kernel.RetryPolicy;
import dev.skein.kernel.StepOptions;
import dev.skein.kernel.Work.Attempt;
import dev.skein.kernel.journal.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a Java workflow may do: the kernel's [Context], with values of Java types instead of bytes.
/// Belongs to the thread of its scope.
public final class WorkflowContext {
  private final Context kernel;
  private final JsonMapper mapper;

  /// The effect of a step; `attempt` carries the idempotency key to send along.
  @FunctionalInterface
  public interface Effect<T> {
    T run(Attempt attempt) throws Exception;
  }

  /// How to undo an effect; `outcome` is null where nobody knows whether it happened.
  @FunctionalInterface
  public interface Undo<T> {
    void run(Attempt attempt, @Nullable T outcome) throws Exception;
  }

  /// What one branch of a fork does.
  @FunctionalInterface
  public interface Body<T> {
    T run(WorkflowContext context) throws Exception;
  }

  WorkflowContext(Context kernel, JsonMapper mapper) {
    this.kernel = kernel;
    this.mapper = mapper;
  }

  /// The kernel's context, for what is not here.
  public Context kernel() {
    return kernel;
  }

  public String runId() {
    return kernel.runId();
  }

  /// Runs the effect at least once and returns the outcome that was recorded, exactly one.
  public <T> T step(String name, Class<T> type, Effect<T> effect) {
    return step(name, type, RetryPolicy.NONE, effect);
  }

  /// The same, trying again as the policy says.
  public <T> T step(String name, Class<T> type, RetryPolicy retry, Effect<T> effect) {
    return done(name, type, StepOptions.DEFAULT.retry(retry), effect);
  }

  /// A step that is undone if the run fails or is cancelled later. The undo is tried until it
  /// succeeds.
  public <T> T step(String name, Class<T> type, Effect<T> effect, Undo<T> undo) {
    var compensation =
        new Compensation(
            name,
            Payload.EMPTY,
            null,
            (scope, output) -> {
              T outcome = output == null ? null : read(output, type);
              scope.step(
                  "undo",
                  StepOptions.DEFAULT.retry(RetryPolicy.FOREVER),
                  attempt -> {
                    undo.run(attempt, outcome);
                    return Payload.of("null");
                  });
            });
    return done(name, type, StepOptions.DEFAULT.compensation(compensation), effect);
  }

  private <T> T done(String name, Class<T> type, StepOptions options, Effect<T> effect) {
    return read(kernel.step(name, options, attempt -> write(run(effect, attempt))), type);
  }

  private static <T> T run(Effect<T> effect, Attempt attempt) throws Exception {
    try {
      return effect.run(attempt);
    } catch (InterruptedException e) {
      // the kernel tells a run that leaves memory from a step that failed by this flag
      Thread.currentThread().interrupt();
      throw e;
    }
  }

  /// Waits durably, for a moment or for months.
  public void sleep(String name, Duration duration) {
    kernel.sleep(name, duration);
  }

  /// Takes the data of the oldest signal or event of that type, waiting for one durably.
  public <T> T await(String signal, Class<T> type) {
    return mapper.treeToValue(CloudEvents.data(Json.json(kernel.await(signal))), type);
  }

  /// Runs the bodies side by side and returns their results in order; the first failure cancels the
  /// others.
  public <T> List<T> fork(String name, List<Body<T>> bodies) {
    return kernel.fork(name, Math.max(1, bodies.size()), branches(bodies));
  }

  /// Returns the result of the first body that completes; the others are cancelled.
  public <T> T race(String name, List<Body<T>> bodies) {
    return kernel.race(name, branches(bodies));
  }

  private <T> List<Branch<T>> branches(List<Body<T>> bodies) {
    var branches = new ArrayList<Branch<T>>();
    for (int i = 0; i < bodies.size(); i++) {
      Body<T> body = bodies.get(i);
      branches.add(
          new Branch<>(Integer.toString(i), scope -> body.run(new WorkflowContext(scope, mapper))));
    }
    return branches;
  }

  private Payload write(@Nullable Object value) {
    return Payload.of(mapper.writeValueAsBytes(value));
  }

  private <T> T read(Payload payload, Class<T> type) {
    return mapper.readValue(payload.bytes(), type);
  }
}
