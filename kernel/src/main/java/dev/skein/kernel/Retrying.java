package dev.skein.kernel;

import dev.skein.kernel.History.Span;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Frame;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets faulted runs go on from what failed. The journal is not cut: an entry says what of it
/// counts for nothing from then on, so that replay does that anew, after any crash too.
///
/// What failed is the innermost task that the error came from, or the step, of a workflow without
/// tasks; all it had done inside itself is done again. A run whose work was undone does not go on,
/// since what came before the failure is not there any more: but what could not be undone is tried
/// again. Thread-safe: one at a time.
public final class Retrying {
  private final Engine engine;

  public Retrying(Engine engine) {
    this.engine = engine;
  }

  /// Returns when it is durable that the run goes on.
  ///
  /// @throws EngineException `NO_SUCH_RUN`; `UNFIT` if it has not faulted, or was undone
  public synchronized void retry(String id, String reason) {
    RunRow row = engine.row(id);
    if (row.status() != RunStatus.FAULTED) {
      throw unfit("run %s is %s; only a faulted run can be retried".formatted(id, row.status()));
    }
    refuseOrphan(row);
    History history = History.of(engine.store(), row.number());
    Instant now = engine.clock().now();
    boolean notUndone =
        engine.store().incidents(row.number()).stream()
            .anyMatch(i -> i.kind().equals("not-undone"));
    Entry.RunReopened reopened =
        notUndone ? undoingAgain(history, now, reason) : goingOn(id, history, now, reason);
    var changes = new ArrayList<Change>();
    byte[] encoded =
        EntryCodec.encode(
            reopened, (hash, content) -> changes.add(new Change.BlobSaved(hash, content)));
    int frame = history.frames() + 1;
    changes.add(
        new Change.FrameAppended(
            row.number(), frame, Frame.encode(row.number(), frame, List.of(encoded))));
    changes.add(
        new Change.RunProgressed(row.number(), RunLife.running(row.progress().checkpoint())));
    changes.add(new Change.IncidentsClosed(row.number()));
    engine.commit(changes);
    engine.bring(row.number());
  }

  private static EngineException unfit(String message) {
    return new EngineException(EngineException.Code.UNFIT, message);
  }

  /// It would be cancelled again as soon as somebody looks.
  private void refuseOrphan(RunRow row) {
    RunRow.Parent parent = row.parent();
    RunRow above = parent == null || parent.abandon() ? null : engine.store().run(parent.run());
    if (above != null && above.status().ended()) {
      throw unfit(
          "the run %s that started run %s has ended; retry that one"
              .formatted(above.id(), row.id()));
    }
  }

  private static Entry.RunReopened goingOn(String id, History history, Instant now, String reason) {
    Set<StepKey> units = new LinkedHashSet<>();
    Set<StepKey> tasks = new LinkedHashSet<>();
    Span task = history.failedTask();
    StepKey step = task == null ? history.failedStep() : null;
    int since = since(history, task, step);
    if (history.undoneSince(since)) {
      throw unfit(
          "what run %s had done was undone when it failed; start it again by rerun, or fork it from a task"
              .formatted(id));
    }
    if (task != null) {
      units.addAll(history.unitsSince(since, task.key().scope()));
    } else if (step != null) {
      units.addAll(history.unitsSince(since, step.scope()));
    }
    units.addAll(history.failedScopesSince(since));
    for (Span span : history.spans()) {
      boolean inside =
          task != null
              && span.begun() >= since
              && Scope.within(span.key().scope(), task.key().scope());
      if (inside || (span.stopped() && span.ended() >= since)) {
        tasks.add(span.key());
      }
    }
    return new Entry.RunReopened(now, reason, List.copyOf(units), List.copyOf(tasks));
  }

  /// The place in the journal where what failed began.
  private static int since(History history, @Nullable Span task, @Nullable StepKey step) {
    if (task != null) {
      return task.begun();
    }
    if (step != null) {
      return history.begun(step);
    }
    int place = history.entries().size(); // the limit of the whole run passed, or pure code failed
    while (place > 1
        && (History.unit(history.entries().get(place - 2)) == null
            || history.entries().get(place - 2) instanceof Entry.ScopeClosed)) {
      place--;
    }
    return place;
  }

  /// Each compensation that failed is done again, from its beginning.
  private static Entry.RunReopened undoingAgain(History history, Instant now, String reason) {
    Set<StepKey> units = new LinkedHashSet<>();
    Set<StepKey> tasks = new LinkedHashSet<>();
    for (String scope : failedUndoing(history)) {
      units.addAll(history.unitsSince(0, scope));
      for (Span span : history.spans()) {
        if (Scope.within(span.key().scope(), scope)) {
          tasks.add(span.key());
        }
      }
    }
    return new Entry.RunReopened(now, reason, List.copyOf(units), List.copyOf(tasks));
  }

  private static Set<String> failedUndoing(History history) {
    Set<String> scopes = new LinkedHashSet<>();
    for (Entry entry : history.entries()) {
      if (entry instanceof Entry.StepFailed e && History.undoes(e.key())) {
        scopes.add(e.key().scope());
      }
    }
    for (Span span : history.spans()) {
      if (span.failed() && History.undoes(span.key())) {
        scopes.add(span.key().scope());
      }
    }
    return scopes;
  }
}
