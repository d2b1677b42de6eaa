package dev.skein.kernel;

import dev.skein.kernel.Recorded.Kind;
import dev.skein.kernel.Recorded.Unit;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One step being done: asked of the journal, else attempted until it has an outcome. Owned by the
/// run's lock, which is released only while the effect runs.
final class Step {
  private final ActiveRun run;
  private final Scope scope;
  private final StepKey key;
  private final StepOptions options;
  private int attempt = 1;
  private int deferrals;
  private Entry.@Nullable AttemptFailed last;

  Step(ActiveRun run, Scope scope, StepKey key, StepOptions options) {
    this.run = run;
    this.scope = scope;
    this.key = key;
    this.options = options;
  }

  /// @throws Fault if it failed for good
  Payload result(Work work) {
    Unit unit = run.ask(key, Kind.STEP);
    if (unit != null && unit.outcome != null) {
      return replay(unit, unit.outcome);
    }
    if (unit != null && unit.begun) {
      scope.saw(unit.at, unit.ordinal);
      registerCompensation(null);
    }
    run.goLive(scope, key, Kind.STEP);
    if (unit != null && unit.last != null) {
      deferrals = unit.deferrals;
      waitAfter(unit.last);
    }
    if (options.compensation() != null && (unit == null || !unit.begun)) {
      Instant now = run.clock().now();
      scope.saw(now, run.append(new Entry.StepStarted(now, key)));
      registerCompensation(null);
    }
    while (true) {
      Instant startedAt = run.clock().now();
      try {
        Payload output = attempt(work);
        complete(startedAt, output);
        return output;
      } catch (Deferred deferred) {
        deferrals++;
        waitAfter(failed(deferred.failure(), deferred.until()));
      } catch (Fault fault) {
        waitAfter(failed(startedAt, fault.failure()));
      }
    }
  }

  private Payload replay(Unit unit, Entry outcome) {
    scope.saw(unit.at, unit.ordinal);
    return switch (outcome) {
      case Entry.StepCompleted completed -> {
        registerCompensation(completed.output());
        yield completed.output();
      }
      case Entry.StepFailed failed -> {
        if (failed.failure().outcomeUnknown()) {
          registerCompensation(null);
        }
        throw new Fault(failed.failure());
      }
      default -> throw new IllegalStateException("a step cannot end with " + outcome);
    };
  }

  private Payload attempt(Work work) {
    String idempotencyKey =
        options.idempotencyKey() == null ? run.row().id() + ":" + key : options.idempotencyKey();
    var attempted = new Work.Attempt(idempotencyKey, attempt, left(last), scope.task());
    run.unlock();
    Payload output = null;
    Throwable thrown = null;
    try {
      run.beginEffect(scope);
      try {
        output = work.run(attempted);
      } catch (Throwable t) { // sorted below, when it is known whether the effect was interrupted
        thrown = t;
      }
    } finally {
      run.lock();
    }
    registerCompensation(output);
    if (thrown instanceof InterruptedException) {
      Thread.currentThread().interrupt(); // endEffect asks who wanted that
    }
    run.endEffect(scope);
    if (output != null) {
      return output;
    }
    if (thrown == null) {
      throw new Fault(new Failure(Fault.EXCEPTION, "step " + key + " returned nothing"));
    }
    if (thrown instanceof Unwinding || thrown instanceof Deferred) {
      throw (RuntimeException) thrown;
    }
    throw thrown instanceof Fault fault ? fault : new Fault(Fault.failureOf(thrown), thrown);
  }

  /// What an attempt left to the next.
  private static Payload left(Entry.@Nullable AttemptFailed attempt) {
    return attempt == null || !Deferred.is(attempt.failure())
        ? Payload.EMPTY
        : attempt.failure().details();
  }

  private void complete(Instant startedAt, Payload output) {
    Instant now = run.clock().now();
    scope.saw(now, run.append(new Entry.StepCompleted(now, key, attempt, startedAt, output)));
    registerCompensation(output);
  }

  /// Records a failed attempt, or throws if no other follows.
  private Entry.AttemptFailed failed(Instant startedAt, Failure failure) {
    Instant now = run.clock().now();
    int failures = attempt - deferrals;
    if (failures >= options.retry().maxAttempts()) {
      scope.saw(now, run.append(new Entry.StepFailed(now, key, attempt, startedAt, failure)));
      Compensation compensation = options.compensation();
      if (compensation != null && !failure.outcomeUnknown()) {
        run.compensations().withdraw(scope, compensation.name());
      }
      throw new Fault(failure);
    }
    return failed(failure, now.plus(options.retry().delayAfter(failures)));
  }

  private Entry.AttemptFailed failed(Failure failure, Instant nextAt) {
    Instant now = run.clock().now();
    var failed = new Entry.AttemptFailed(now, key, attempt, failure, nextAt);
    scope.saw(now, run.append(failed));
    return failed;
  }

  private void waitAfter(Entry.AttemptFailed failed) {
    last = failed;
    attempt = failed.attempt() + 1;
    Instant due = failed.nextAt();
    if (due.isAfter(run.clock().now())) {
      boolean deferred = Deferred.is(failed.failure());
      String what =
          deferred ? failed.failure().message() : "attempt %d of %s".formatted(attempt, key);
      run.waits()
          .park(run.waits().newWait(scope, new WakeReason(WakeReason.Kind.TIMER, what, due)));
    }
    run.goLive(scope, key, Kind.STEP);
  }

  private void registerCompensation(@Nullable Payload output) {
    Compensation compensation = options.compensation();
    if (compensation != null) {
      run.compensations().register(scope, compensation.with(output));
    }
  }
}
