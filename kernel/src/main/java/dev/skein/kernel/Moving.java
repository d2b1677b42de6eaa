package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Frame;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Moves open runs to another version of their workflow, if what they have done is what that
/// version would have done, too. Thread-safe.
public final class Moving {
  /// How long the node that has the run may take to let it go.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Engine engine;

  public Moving(Engine engine) {
    this.engine = engine;
  }

  /// @param recorded what the journal has
  /// @param now what the other version asks for in its place; null if it does not ask at all
  public record Difference(String recorded, @Nullable String now) {}

  /// @param differences in the journal's order; none if the run fits
  public record Verdict(WorkflowRef from, WorkflowRef to, List<Difference> differences) {
    public boolean fits() {
      return differences.isEmpty();
    }
  }

  /// Whether the run could be moved as it stands; it stays as it is.
  ///
  /// @throws EngineException `NO_SUCH_RUN`, `ENDED`, `NO_SUCH_WORKFLOW`; `UNFIT` if it is of that
  ///   version already
  public Verdict check(String id, String version) {
    RunRow row = open(id);
    return judged(row, target(row, version));
  }

  /// Moves the run if it fits. It is held meanwhile: steps under way finish first. A run that was
  /// suspended because its journal did not fit its code goes on; one that an operator has suspended
  /// stays so.
  ///
  /// @throws EngineException as [#check]; `UNFIT` also if it could not be held
  public Verdict move(String id, String version, String reason) {
    RunRow row = open(id);
    WorkflowRef to = target(row, version);
    Verdict before = judged(row, to);
    if (!before.fits()) {
      return before; // what it has done it has done: it need not be held to know
    }
    boolean held = row.status() == RunStatus.SUSPENDED;
    if (!held) {
      engine.suspend(id, "it is being moved to version " + version);
      row = suspended(id);
    }
    boolean goesOn = !held || !engine.store().incidents(row.number()).isEmpty();
    Verdict verdict = judged(row, to);
    if (verdict.fits()) {
      engine.commit(changes(row, to, reason, goesOn));
      if (goesOn) {
        engine.bring(row.number());
      }
    } else if (!held) {
      engine.resume(id);
    }
    return verdict;
  }

  private RunRow open(String id) {
    RunRow row = engine.row(id);
    if (row.status().ended()) {
      throw new EngineException(
          EngineException.Code.ENDED,
          "run %s has ended: it is %s; rerun it, or fork it".formatted(id, row.status()));
    }
    return row;
  }

  private WorkflowRef target(RunRow row, String version) {
    WorkflowRef now = row.workflow();
    if (now.version().equals(version)) {
      throw new EngineException(
          EngineException.Code.UNFIT,
          "run %s is of version %s already".formatted(row.id(), version));
    }
    var to = new WorkflowRef(now.namespace(), now.name(), version);
    if (engine.workflows().find(to) == null) {
      throw new EngineException(
          EngineException.Code.NO_SUCH_WORKFLOW,
          "there is no workflow " + to + "; deploy it first");
    }
    return to;
  }

  private Verdict judged(RunRow row, WorkflowRef to) {
    Workflow workflow = engine.workflows().find(to);
    if (workflow == null) {
      throw new EngineException(
          EngineException.Code.NO_SUCH_WORKFLOW, "workflow " + to + " is gone");
    }
    return new Verdict(row.workflow(), to, engine.rehearse(row.of(to), workflow));
  }

  /// On another node that takes as long as its steps under way.
  private RunRow suspended(String id) {
    long begun = System.nanoTime();
    RunRow row = open(id);
    while (row.status() != RunStatus.SUSPENDED) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        engine.resume(id);
        throw new EngineException(
            EngineException.Code.UNFIT,
            "run %s is in the midst of a step; try again later".formatted(id));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      row = open(id);
    }
    return row;
  }

  private List<Change> changes(RunRow row, WorkflowRef to, String reason, boolean goesOn) {
    Instant now = engine.clock().now();
    var changes = new ArrayList<Change>();
    byte[] entry =
        EntryCodec.encode(
            new Entry.RunMoved(now, row.workflow(), to, reason),
            (hash, content) -> changes.add(new Change.BlobSaved(hash, content)));
    int frame = History.of(engine.store(), row.number()).frames() + 1;
    changes.add(
        new Change.FrameAppended(
            row.number(), frame, Frame.encode(row.number(), frame, List.of(entry))));
    changes.add(new Change.RunMoved(row.number(), to));
    RunRow.Progress was = row.progress();
    changes.add(
        new Change.RunProgressed(
            row.number(),
            goesOn
                ? RunLife.running(Recorded.WHOLE)
                : new RunRow.Progress(
                    was.status(), null, was.wakeAt(), was.wake(), Recorded.WHOLE)));
    if (goesOn) {
      changes.add(new Change.IncidentsClosed(row.number()));
    }
    return changes;
  }
}
