package dev.skein.kernel;

import dev.skein.kernel.Recorded.Kind;
import dev.skein.kernel.Recorded.Unit;
import dev.skein.kernel.journal.Blobs;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Frame;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs that a run starts. A child is created in the commit that journals its start, and its end is
/// an event for its parent, published in the commit that ends it. Owned by the parent's lock.
final class Children {
  static final String ENDED = "skein:run-ended";

  private final ActiveRun run;
  private final Tenure tenure;

  Children(ActiveRun run, Tenure tenure) {
    this.run = run;
    this.tenure = tenure;
  }

  /// Returns the child's id.
  String start(Scope scope, StepKey key, Context.Child child) {
    scope.noteChild();
    Unit unit = run.ask(key, Kind.CHILD);
    if (unit != null && unit.outcome instanceof Entry.ChildStarted started) {
      scope.saw(unit.at, unit.ordinal);
      return RunNumbers.id(started.child());
    }
    run.goLive(scope, key, Kind.CHILD);
    if (tenure.workflows().find(child.workflow()) == null) {
      throw new Fault(
          new Failure(Fault.NO_SUCH_WORKFLOW, "there is no workflow " + child.workflow()));
    }
    Instant now = run.clock().now();
    RunRow row = row(child, now);
    run.add(new Change.RunCreated(row));
    var started = new Entry.RunStarted(now, child.workflow(), child.input());
    byte[] encoded =
        EntryCodec.encode(started, (hash, content) -> run.add(new Change.BlobSaved(hash, content)));
    Payload frame = Frame.encode(row.number(), 1, List.of(encoded));
    run.add(new Change.FrameAppended(row.number(), 1, frame));
    for (Announcement event : tenure.workflows().herald().written(row, started)) {
      run.add(new Change.EventPublished(event.at(now, null)));
    }
    scope.saw(now, run.append(new Entry.ChildStarted(now, key, row.number())));
    run.awaitDurable();
    tenure.bring(row.number());
    return row.id();
  }

  private RunRow row(Context.Child child, Instant now) {
    long number = tenure.nextNumber();
    return new RunRow(
        number,
        RunNumbers.id(number),
        child.workflow(),
        now,
        run.row().priority(),
        new RunRow.Parent(run.row().number(), child.abandon()),
        RunLife.running(0));
  }

  /// What the parent hears when the child has ended.
  static Event ended(RunRow child, RunRow.Parent parent, Entry.RunEnded end, byte[] encoded) {
    String type = endOf(child.id()).type();
    return new Event(
        0, parent.run(), ENDED, child.id(), String.valueOf(type), Payload.of(encoded), end.at());
  }

  static EventFilter endOf(String child) {
    return EventFilter.ofType(ENDED + ":" + child);
  }

  /// The child's output.
  ///
  /// @throws Fault the one that ended it
  static Payload outcome(String child, Payload event, Blobs blobs) {
    var end = (Entry.RunEnded) EntryCodec.decode(event.bytes(), blobs);
    @Nullable Payload output = end.output();
    if (output != null) {
      return output;
    }
    Failure failure = end.failure();
    throw new Fault(
        failure == null
            ? new Failure(Fault.EXCEPTION, "run " + child + " ended as " + end.status())
            : failure);
  }
}
