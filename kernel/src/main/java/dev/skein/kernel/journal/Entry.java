package dev.skein.kernel.journal;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One fact about a run, appended once and never changed. What replay returns for a [StepKey] is
/// decided by these alone.
public sealed interface Entry {
  Instant at();

  /// The run was accepted. Always the first entry.
  record RunStarted(Instant at, WorkflowRef workflow, Payload input) implements Entry {}

  /// The run reached its end; `output` if completed, `failure` if faulted or cancelled. Always the
  /// last entry, unless the run is opened again.
  record RunEnded(Instant at, RunStatus status, @Nullable Payload output, @Nullable Failure failure)
      implements Entry {}

  /// Somebody asked for something that changes the course of the run.
  record ControlRequested(Instant at, Control control, String reason) implements Entry {}

  /// An effect is about to begin. Only written where its outcome must count as unknown after a
  /// crash (it will be compensated).
  record StepStarted(Instant at, StepKey key) implements Entry {}

  /// A step's effect was done; `attempts` counts from 1.
  record StepCompleted(Instant at, StepKey key, int attempts, Instant startedAt, Payload output)
      implements Entry {}

  /// A step failed for good.
  record StepFailed(Instant at, StepKey key, int attempts, Instant startedAt, Failure failure)
      implements Entry {}

  /// One attempt of a step failed; the next is due at `nextAt`.
  record AttemptFailed(Instant at, StepKey key, int attempt, Failure failure, Instant nextAt)
      implements Entry {}

  /// A sleep or a deadline began.
  record TimerSet(Instant at, StepKey key, Instant due) implements Entry {}

  record TimerFired(Instant at, StepKey key) implements Entry {}

  /// An event was taken, by its number in the log.
  record EventTaken(Instant at, StepKey key, long event, Payload payload) implements Entry {}

  /// Another run was started. Its end is taken as an event.
  record ChildStarted(Instant at, StepKey key, long child) implements Entry {}

  /// A fork or a time-limited scope closed early: no unit of work inside it that is not in the
  /// journal by now ever will be.
  record ScopeClosed(Instant at, StepKey key, Closing closing, int branch) implements Entry {}

  /// Replay may begin here instead of at the start. `counters` says how often names were asked for
  /// in the scopes that were open.
  record CheckpointSaved(Instant at, long ordinal, Map<String, Integer> counters, Payload state)
      implements Entry {}

  /// A task of the layer above began: only for looking at.
  record TaskStarted(Instant at, StepKey key, Payload input) implements Entry {}

  /// A task of the layer above ended: only for looking at. `input` is given where no [TaskStarted]
  /// was written.
  record TaskEnded(
      Instant at,
      StepKey key,
      Instant startedAt,
      TaskStatus status,
      @Nullable Payload input,
      @Nullable Payload output,
      @Nullable Failure failure)
      implements Entry {}

  /// The run, which had faulted, goes on. What is recorded under these keys counts for nothing from
  /// here on: it will be done again. Time stood still since its end.
  ///
  /// @param units steps, timers, events, children and closed scopes
  /// @param tasks those that will begin and end again
  record RunReopened(Instant at, String reason, List<StepKey> units, List<StepKey> tasks)
      implements Entry {
    public RunReopened {
      units = List.copyOf(units);
      tasks = List.copyOf(tasks);
    }
  }

  /// The journal so far is that of another run, up to the end of a task; the task counts as done,
  /// with this output.
  ///
  /// @param from the other run's id
  record RunForked(Instant at, String from, StepKey task, Payload output, String reason)
      implements Entry {}

  /// The run goes on with the code of another version of its workflow, which fits all that came
  /// before. Replay begins at the beginning from here on: checkpoints before this are of the other.
  record RunMoved(Instant at, WorkflowRef from, WorkflowRef to, String reason) implements Entry {}

  /// A constant that journals keep under a number, which is never reused.
  sealed interface Coded {
    int code();
  }

  /// What a run was asked from outside.
  enum Control implements Coded {
    CANCEL(0);

    private final int code;

    Control(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /// Why a scope closed early.
  enum Closing implements Coded {
    WON(0),
    FAILED(1),
    TIMED_OUT(2);

    private final int code;

    Closing(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /// How a task ended.
  enum TaskStatus implements Coded {
    COMPLETED(0),
    SKIPPED(1),
    FAULTED(2),
    CANCELLED(3);

    private final int code;

    TaskStatus(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
