package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryReader;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A run's journal, read whole by somebody who looks back at it: what began when, what failed. Not
/// for replay, which needs less.
final class History {
  private static final int FRAMES_A_READ = 1_000;
  private static final String UNDOING = "/compensation";

  private final List<Entry> entries = new ArrayList<>();
  private final List<Span> spans = new ArrayList<>();
  private final Map<StepKey, Integer> first = new HashMap<>();
  private final Map<StepKey, Integer> tasksBegun = new HashMap<>();
  private Entry.@Nullable RunEnded end;
  private int frames;

  /// One execution of a task, from one place of the journal to another.
  record Span(StepKey key, int begun, int ended, Entry.TaskEnded entry) {
    boolean failed() {
      return entry.status() == Entry.TaskStatus.FAULTED;
    }

    boolean stopped() {
      return failed() || entry.status() == Entry.TaskStatus.CANCELLED;
    }

    boolean isInside(Span outer) {
      return begun >= outer.begun
          && ended <= outer.ended
          && Scope.within(key.scope(), outer.key.scope());
    }
  }

  /// @throws dev.skein.kernel.journal.JournalException if it is damaged
  static History of(Store store, long run) {
    var history = new History();
    List<Payload> read;
    do {
      read = store.frames(run, history.frames + 1, FRAMES_A_READ);
      for (Payload frame : read) {
        history.frames++;
        EntryReader.all(run, history.frames, frame, store).forEach(history::add);
      }
    } while (read.size() == FRAMES_A_READ);
    return history;
  }

  private void add(Entry entry) {
    entries.add(entry);
    int place = entries.size();
    StepKey key = unit(entry);
    if (key != null) {
      first.putIfAbsent(key, place);
    }
    switch (entry) {
      case Entry.TaskStarted e -> tasksBegun.putIfAbsent(e.key(), place);
      case Entry.TaskEnded e -> {
        int begun = tasksBegun.getOrDefault(e.key(), place);
        spans.add(new Span(e.key(), begun, place, e));
      }
      case Entry.RunEnded e -> end = e;
      case Entry.RunReopened e -> {
        end = null;
        spans.removeIf(span -> e.tasks().contains(span.key));
        e.tasks().forEach(tasksBegun::remove);
        e.units().forEach(first::remove);
      }
      default -> {}
    }
  }

  /// The unit of work that the entry belongs to; null for one that belongs to none.
  static @Nullable StepKey unit(Entry entry) {
    return switch (entry) {
      case Entry.StepStarted e -> e.key();
      case Entry.StepCompleted e -> e.key();
      case Entry.StepFailed e -> e.key();
      case Entry.AttemptFailed e -> e.key();
      case Entry.TimerSet e -> e.key();
      case Entry.TimerFired e -> e.key();
      case Entry.EventTaken e -> e.key();
      case Entry.ChildStarted e -> e.key();
      case Entry.ScopeClosed e -> e.key();
      case Entry.RunStarted _,
          Entry.RunEnded _,
          Entry.ControlRequested _,
          Entry.CheckpointSaved _,
          Entry.TaskStarted _,
          Entry.TaskEnded _,
          Entry.RunReopened _,
          Entry.RunForked _,
          Entry.RunMoved _ ->
          null;
    };
  }

  static boolean undoes(StepKey key) {
    return Scope.within(key.scope(), UNDOING) || key.scope().startsWith(UNDOING + "#");
  }

  /// All of it, in order.
  List<Entry> entries() {
    return entries;
  }

  int frames() {
    return frames;
  }

  List<Span> spans() {
    return spans;
  }

  /// How it failed; null if it has not ended, or otherwise.
  @Nullable Failure failure() {
    return end == null ? null : end.failure();
  }

  /// The innermost task that the failure came from; null if there is none.
  @Nullable Span failedTask() {
    Span inner = null;
    for (Span span : spans.reversed()) {
      boolean same = span.failed() && !undoes(span.key) && isFailure(span.entry.failure());
      if (same && (inner == null || span.isInside(inner))) {
        inner = span;
      }
    }
    return inner;
  }

  private boolean isFailure(@Nullable Failure other) {
    Failure failure = failure();
    return failure != null
        && other != null
        && failure.type().equals(other.type())
        && failure.message().equals(other.message());
  }

  /// The step that the failure came from, of a workflow without tasks; null if there is none.
  @Nullable StepKey failedStep() {
    for (Entry entry : entries.reversed()) {
      if (entry instanceof Entry.StepFailed e && !undoes(e.key()) && isFailure(e.failure())) {
        return e.key();
      }
    }
    return null;
  }

  /// The place of the unit's first entry; the end of the journal for one that has none.
  int begun(StepKey unit) {
    return first.getOrDefault(unit, entries.size() + 1);
  }

  /// The units that began at that place of the journal or later, inside that scope.
  List<StepKey> unitsSince(int place, String scope) {
    return first.entrySet().stream()
        .filter(unit -> unit.getValue() >= place)
        .map(Map.Entry::getKey)
        .filter(key -> Scope.within(key.scope(), scope))
        .toList();
  }

  /// The scopes that were closed early, and not by a winner, at that place or later.
  Set<StepKey> failedScopesSince(int place) {
    var closed = new java.util.LinkedHashSet<StepKey>();
    for (int i = Math.max(0, place - 1); i < entries.size(); i++) {
      if (entries.get(i) instanceof Entry.ScopeClosed e && e.closing() != Entry.Closing.WON) {
        closed.add(e.key());
      }
    }
    return closed;
  }

  /// Whether anything was undone after that place.
  boolean undoneSince(int place) {
    return first.entrySet().stream().anyMatch(u -> u.getValue() >= place && undoes(u.getKey()))
        || spans.stream().anyMatch(span -> span.ended >= place && undoes(span.key));
  }
}
