package dev.skein.kernel;

import dev.skein.kernel.History.Span;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Frame;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Starts runs that take over the journal of another, up to the end of one of its tasks, and go on
/// from there with another output of that task. The other run stays as it is. Thread-safe.
public final class Forking {
  private static final int ENTRIES_A_FRAME = 500;

  private final Engine engine;

  public Forking(Engine engine) {
    this.engine = engine;
  }

  /// Which task of which run, and what it is to have put out.
  ///
  /// @param task fits its last execution, however that ended
  public record Fork(String run, Predicate<StepKey> task, Payload output, String reason) {}

  /// Returns the new run, which is durable.
  ///
  /// @throws EngineException `NO_SUCH_RUN`; `UNFIT` if no such task has ended
  public RunRow fork(Fork asked) {
    RunRow origin = engine.row(asked.run());
    History history = History.of(engine.store(), origin.number());
    Span task =
        history.spans().reversed().stream()
            .filter(span -> asked.task().test(span.key()))
            .findFirst()
            .orElse(null);
    if (task == null) {
      throw new EngineException(
          EngineException.Code.UNFIT,
          "run %s has no such task that has ended".formatted(asked.run()));
    }
    Instant now = engine.clock().now();
    long number = engine.nextNumber();
    var row =
        new RunRow(
            number,
            RunNumbers.id(number),
            origin.workflow(),
            now,
            origin.priority(),
            null,
            RunLife.running(0));
    List<Entry> entries = new ArrayList<>(prefix(history, task, now));
    entries.add(new Entry.RunForked(now, origin.id(), task.key(), asked.output(), asked.reason()));
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.RunCreated(row));
    Map<String, String> attributes = engine.store().attributes(origin.number());
    if (!attributes.isEmpty()) {
      changes.add(new Change.AttributesSet(number, attributes));
    }
    append(number, entries, changes);
    engine.commit(changes);
    engine.bring(number);
    return row;
  }

  private static void append(long number, List<Entry> entries, List<Change> changes) {
    int frame = 0;
    for (int from = 0; from < entries.size(); from += ENTRIES_A_FRAME) {
      var encoded = new ArrayList<byte[]>();
      for (Entry entry : entries.subList(from, Math.min(entries.size(), from + ENTRIES_A_FRAME))) {
        encoded.add(
            EntryCodec.encode(
                entry, (hash, content) -> changes.add(new Change.BlobSaved(hash, content))));
      }
      frame++;
      changes.add(new Change.FrameAppended(number, frame, Frame.encode(number, frame, encoded)));
    }
  }

  /// What had happened before the task, and beside it; the task itself will not be done.
  private static List<Entry> prefix(History history, Span task, Instant now) {
    List<Entry> before = history.entries().subList(0, task.ended());
    Set<StepKey> dropped = new HashSet<>(history.unitsSince(task.begun(), task.key().scope()));
    dropped.addAll(unfinishedChildren(before));
    Duration ago = Duration.between(task.entry().at(), now);
    Set<StepKey> fired = fired(before);
    var kept = new ArrayList<Entry>();
    for (int i = 0; i < before.size(); i++) {
      boolean inside = i + 1 >= task.begun();
      Entry entry = kept(before.get(i), task, inside, dropped);
      if (entry instanceof Entry.TimerSet e && !fired.contains(e.key())) {
        kept.add(new Entry.TimerSet(e.at(), e.key(), e.due().plus(ago)));
      } else if (entry != null) {
        kept.add(entry);
      }
    }
    return kept;
  }

  private static @Nullable Entry kept(
      Entry entry, Span task, boolean inside, Set<StepKey> dropped) {
    StepKey unit = History.unit(entry);
    return switch (entry) {
      case Entry.ControlRequested _ -> null;
      case Entry.CheckpointSaved _ when inside -> null;
      case Entry.TaskStarted e when isOf(e.key(), task, inside) -> null;
      case Entry.TaskEnded e when isOf(e.key(), task, inside) -> null;
      default -> unit != null && dropped.contains(unit) ? null : entry;
    };
  }

  private static boolean isOf(StepKey key, Span task, boolean inside) {
    return inside && Scope.within(key.scope(), task.key().scope());
  }

  /// Their ends would be told to the other run.
  private static Set<StepKey> unfinishedChildren(List<Entry> entries) {
    Set<StepKey> unfinished = new HashSet<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.ChildStarted e) {
        unfinished.add(e.key());
      } else if (entry instanceof Entry.EventTaken e) {
        unfinished.removeIf(child -> child.scope().equals(e.key().scope()));
      }
    }
    return unfinished;
  }

  private static Set<StepKey> fired(List<Entry> entries) {
    Set<StepKey> fired = new HashSet<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.TimerFired e) {
        fired.add(e.key());
      }
    }
    return fired;
  }
}
