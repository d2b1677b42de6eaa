package dev.skein.kernel;

import dev.skein.kernel.Unwinding.Cancelled;
import dev.skein.kernel.Unwinding.Leaving;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One stay of a run in memory: runs the workflow's code until it ends or leaves, and writes down
/// which.
final class RunLife {
  private final Tenure tenure;
  private final ActiveRun run;
  private final Scope root;
  private final RunContext context;

  RunLife(Tenure tenure, ActiveRun run) {
    this.tenure = tenure;
    this.run = run;
    this.root = Scope.root(run.row().startedAt());
    Entry.CheckpointSaved checkpoint = run.recorded().checkpoint();
    if (checkpoint != null) {
      root.restore(Counters.byPath(checkpoint.counters()));
      root.saw(checkpoint.at(), checkpoint.ordinal());
    }
    if (run.recorded().cancelledAt() > 0) {
      root.cancel(run.recorded().cancelledAt());
    }
    this.context = new RunContext(run, root);
  }

  Scope root() {
    return root;
  }

  /// Returns when the run has ended or left.
  void live(Workflow workflow, Payload input) {
    try {
      Payload output = null;
      Throwable thrown = null;
      try {
        output = workflow.run(context, input);
      } catch (Throwable t) { // whatever the code throws is the run's outcome
        thrown = t;
      }
      if (thrown instanceof Leaving) {
        throw (Leaving) thrown;
      }
      end(workflow, output, thrown);
    } catch (Leaving leaving) {
      leave();
    }
  }

  private void end(Workflow workflow, @Nullable Payload output, @Nullable Throwable thrown) {
    RunStatus status =
        thrown == null
            ? RunStatus.COMPLETED
            : thrown instanceof Cancelled ? RunStatus.CANCELLED : RunStatus.FAULTED;
    Incident incident = null;
    if (thrown != null && workflow.saga().on().contains(cause(thrown))) {
      incident = undo(workflow.saga().order());
    }
    if (thrown instanceof Fault fault && fault.failure().type().equals(Fault.NOT_UNDONE)) {
      incident = notUndone(fault);
    }
    status = incident == null ? status : RunStatus.FAULTED;
    Failure failure = thrown == null ? null : failureOf(thrown);
    run.lock();
    try {
      if (run.leaving()) {
        throw new Leaving();
      }
      Recorded.Unit unasked = run.recorded().unaskedWithin("");
      if (unasked != null) {
        run.diverge(
            "the %s %s".formatted(unasked.kind, unasked.key), "the end of the run, " + status);
      }
      Instant now = tenure.clock().now();
      var end = new Entry.RunEnded(now, status, output, failure);
      run.append(end);
      tellParent(end);
      run.progress(new RunRow.Progress(status, now, null, "", run.row().progress().checkpoint()));
      if (incident != null) {
        run.add(new Change.IncidentOpened(incident));
      }
      run.awaitDurable();
    } finally {
      run.unlock();
    }
    if (root.hasChildren() && !run.isRehearsed()) {
      tenure.families().ended(run.row());
    }
  }

  private void tellParent(Entry.RunEnded end) {
    RunRow.Parent parent = run.row().parent();
    if (parent != null) {
      byte[] encoded =
          EntryCodec.encode(end, (hash, content) -> run.add(new Change.BlobSaved(hash, content)));
      run.add(new Change.EventPublished(Children.ended(run.row(), parent, end, encoded)));
    }
  }

  private static SagaRules.Cause cause(Throwable thrown) {
    return switch (thrown) {
      case Cancelled _ -> SagaRules.Cause.CANCEL;
      case TimedOut _ -> SagaRules.Cause.TIMEOUT;
      default -> SagaRules.Cause.FAULT;
    };
  }

  private Failure failureOf(Throwable thrown) {
    return thrown instanceof Cancelled
        ? new Failure(Fault.CANCELLED, run.cancelReason())
        : Fault.failureOf(thrown);
  }

  private @Nullable Incident undo(SagaRules.Order order) {
    try {
      context.undo(order);
      return null;
    } catch (Fault fault) {
      return notUndone(fault);
    }
  }

  private Incident notUndone(Fault fault) {
    return tenure.incident(
        run.row().number(),
        "not-undone",
        "run " + run.row().id() + " could not undo everything it had done",
        fault.failure().message());
  }

  /// Writes down why the run is no longer in memory, so that whoever looks knows what will wake it.
  private void leave() {
    run.lock();
    try {
      Departure departure = run.departure();
      if (departure == null) {
        throw new IllegalStateException("run " + run.row().id() + " unwound without a reason");
      }
      String wake = WakeReason.encode(departure.reasons());
      int checkpoint = run.row().progress().checkpoint();
      switch (departure.why()) {
        case WAITING -> {
          run.progress(
              new RunRow.Progress(RunStatus.WAITING, null, departure.wakeAt(), wake, checkpoint));
          if (!departure.listeners().isEmpty()) {
            run.add(new Change.ListenersSet(run.row().number(), departure.listeners()));
          }
        }
        case SUSPENDED ->
            run.progress(new RunRow.Progress(RunStatus.SUSPENDED, null, null, wake, checkpoint));
        case DIVERGED -> {
          run.progress(new RunRow.Progress(RunStatus.SUSPENDED, null, null, wake, checkpoint));
          run.add(new Change.IncidentOpened(diverged(departure)));
        }
        case CLOSING, BROKEN -> {}
      }
      if (departure.why() != Departure.Why.BROKEN) {
        run.awaitDurable();
      }
    } catch (Leaving broken) {
      // the store failed meanwhile: what it has is what the next owner begins with
    } finally {
      run.unlock();
    }
  }

  private Incident diverged(Departure departure) {
    return tenure.incident(
        run.row().number(),
        "divergence",
        "the journal of run %s no longer fits its workflow %s"
            .formatted(run.row().id(), run.row().workflow()),
        departure.details());
  }

  /// The progress of a run that is in memory.
  static RunRow.Progress running(int checkpoint) {
    var wake = new WakeReason(WakeReason.Kind.RUNNING, "in the process that owns it", null);
    return new RunRow.Progress(
        RunStatus.RUNNING, null, null, WakeReason.encode(List.of(wake)), checkpoint);
  }
}
