package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryReader;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the journal says of a run, by key, for replay to draw from. Owned by the run's lock.
///
/// Reading begins at the last checkpoint, if there is one; what came before it is not read.
final class Recorded {
  private static final int FRAMES_A_READ = 1_000;

  private final Map<StepKey, Unit> units = new HashMap<>();
  private final Map<String, Map<StepKey, Unit>> unasked = new LinkedHashMap<>();
  private final Map<StepKey, Instant> tasksBegun = new HashMap<>();
  private final Set<StepKey> tasksEnded = new HashSet<>();
  private Entry.@Nullable RunStarted started;
  private Entry.@Nullable CheckpointSaved checkpoint;
  private Entry.@Nullable RunEnded ended;
  private final Map<StepKey, Payload> replaced = new HashMap<>();
  private long cancelledAt;
  private String cancelReason = "";
  private long ordinal;
  private int lastFrame;
  private boolean whole;

  /// One keyed unit of work as far as it is recorded.
  static final class Unit {
    final StepKey key;
    final Kind kind;
    long ordinal;
    Instant at = Instant.EPOCH;
    boolean begun;
    int attempts;
    int deferrals;
    Entry.@Nullable AttemptFailed last;
    @Nullable Instant due;
    Instant set = Instant.EPOCH;
    @Nullable Entry outcome;
    Entry.@Nullable ScopeClosed closed;
    long closedOrdinal;

    Unit(StepKey key, Kind kind) {
      this.key = key;
      this.kind = kind;
    }
  }

  /// What kind of thing code asked for under a key. Asking for another kind than the recorded one
  /// is a divergence.
  enum Kind {
    STEP,
    TIMER,
    EVENT,
    CHILD,
    FORK;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// For a journal that is to be read from the beginning, whatever checkpoints there are.
  static final int WHOLE = -1;

  /// @param from the frame of the last checkpoint, 0 for none, or [#WHOLE]
  /// @throws JournalException if the journal is damaged
  static Recorded read(Store store, long run, int from) {
    var recorded = new Recorded();
    recorded.whole = from == WHOLE;
    if (from > 1) {
      recorded.readFrames(store, run, 1, 1);
      recorded.lastFrame = from - 1;
      recorded.forgetUnits();
    }
    int next = Math.max(1, from);
    while (recorded.readFrames(store, run, next, FRAMES_A_READ) == FRAMES_A_READ) {
      next = recorded.lastFrame + 1;
    }
    if (recorded.started == null) {
      throw new JournalException("the journal of run number %d has no beginning".formatted(run));
    }
    return recorded;
  }

  private int readFrames(Store store, long run, int from, int limit) {
    var frames = store.frames(run, from, limit);
    for (Payload frame : frames) {
      lastFrame++;
      EntryReader.forReplay(run, lastFrame, frame, store, this::add, this::addTask);
    }
    return frames.size();
  }

  /// A new run's, which has no journal yet.
  static Recorded none() {
    return new Recorded();
  }

  private void addTask(StepKey key, Instant at, boolean taskEnded) {
    ordinal++;
    if (taskEnded) {
      tasksEnded.add(key);
    } else {
      tasksBegun.putIfAbsent(key, at);
    }
  }

  private void add(Entry entry) {
    ordinal++;
    if (ended != null && !(entry instanceof Entry.RunReopened)) {
      throw new JournalException("the journal goes on after the end of the run");
    }
    switch (entry) {
      case Entry.RunStarted e -> started = e;
      case Entry.RunEnded e -> ended = e;
      case Entry.RunReopened e -> reopen(e);
      case Entry.RunForked e -> replaced.put(e.task(), e.output());
      case Entry.ControlRequested e -> {
        if (e.control() == Entry.Control.CANCEL) {
          cancelledAt = ordinal;
          cancelReason = e.reason();
        }
      }
      case Entry.StepStarted e -> unit(e.key(), Kind.STEP, e).begun = true;
      case Entry.StepCompleted e -> unit(e.key(), Kind.STEP, e).outcome = e;
      case Entry.StepFailed e -> unit(e.key(), Kind.STEP, e).outcome = e;
      case Entry.AttemptFailed e -> {
        Unit unit = unit(e.key(), Kind.STEP, e);
        unit.attempts = e.attempt();
        unit.deferrals += Deferred.is(e.failure()) ? 1 : 0;
        unit.last = e;
      }
      case Entry.TimerSet e -> {
        Unit unit = unit(e.key(), Kind.TIMER, e);
        unit.due = e.due();
        unit.set = e.at();
      }
      case Entry.TimerFired e -> unit(e.key(), Kind.TIMER, e).outcome = e;
      case Entry.EventTaken e -> unit(e.key(), Kind.EVENT, e).outcome = e;
      case Entry.ChildStarted e -> unit(e.key(), Kind.CHILD, e).outcome = e;
      case Entry.ScopeClosed e -> {
        boolean limit = e.closing() == Entry.Closing.TIMED_OUT;
        Unit unit = limit ? units.get(e.key()) : unit(e.key(), Kind.FORK, e);
        if (unit == null) { // it began in a frame before the checkpoint's, which will forget it
          unit = unit(e.key(), Kind.TIMER, e);
        }
        unit.closed = e;
        unit.closedOrdinal = ordinal;
      }
      case Entry.CheckpointSaved e -> {
        if (!whole) {
          forgetUnits();
          checkpoint = e;
          ordinal = e.ordinal();
        }
      }
      case Entry.RunMoved _ -> {}
      case Entry.TaskStarted _, Entry.TaskEnded _ -> {} // only their keys are kept, see addTask
    }
  }

  private void reopen(Entry.RunReopened reopened) {
    Duration stood = ended == null ? Duration.ZERO : Duration.between(ended.at(), reopened.at());
    ended = null;
    for (Unit unit : units.values()) {
      if (unit.due != null && unit.outcome == null) {
        unit.due = unit.due.plus(stood);
      }
    }
    var forgotten = new ArrayList<Unit>();
    for (StepKey key : reopened.units()) {
      Unit unit = ask(key);
      if (unit != null) {
        forgotten.add(unit);
      }
    }
    forgotten.forEach(unit -> beginAgain(unit, reopened.at()));
    reopened
        .tasks()
        .forEach(task -> {
          tasksBegun.remove(task);
          tasksEnded.remove(task);
        });
  }

  /// A limit that has passed, and what it was about counts still: it will be asked for before that.
  private void beginAgain(Unit limit, Instant now) {
    boolean passed = limit.closed != null && limit.due != null && limit.outcome == null;
    if (passed && unaskedWithin(limit.key.toString()) != null) {
      Unit unit = new Unit(limit.key, limit.kind);
      unit.ordinal = limit.ordinal;
      unit.at = now;
      unit.set = now;
      unit.due = now.plus(Duration.between(limit.set, limit.due));
      record(unit);
    }
  }

  private void forgetUnits() {
    units.clear();
    unasked.clear();
    tasksBegun.clear();
    tasksEnded.clear();
  }

  private Unit unit(StepKey key, Kind kind, Entry entry) {
    Unit unit = units.get(key);
    if (unit == null) {
      unit = new Unit(key, kind);
      record(unit);
    }
    unit.ordinal = ordinal;
    unit.at = entry.at();
    return unit;
  }

  private void record(Unit unit) {
    units.put(unit.key, unit);
    unasked.computeIfAbsent(unit.key.scope(), _ -> new LinkedHashMap<>()).put(unit.key, unit);
  }

  /// What is recorded under the key, which from now on counts as asked for.
  @Nullable Unit ask(StepKey key) {
    Unit unit = units.remove(key);
    if (unit != null) {
      Map<StepKey, Unit> siblings = unasked.get(key.scope());
      if (siblings != null) {
        siblings.remove(key);
        if (siblings.isEmpty()) {
          unasked.remove(key.scope());
        }
      }
    }
    return unit;
  }

  /// The first unit recorded in that scope or inside it that nobody has asked for; null if there is
  /// none.
  @Nullable Unit unaskedWithin(String scope) {
    if (unasked.isEmpty()) {
      return null;
    }
    Unit first = null;
    for (var siblings : unasked.entrySet()) {
      if (Scope.within(siblings.getKey(), scope)) {
        for (Unit unit : siblings.getValue().values()) {
          if (first == null || unit.ordinal < first.ordinal) {
            first = unit;
          }
        }
      }
    }
    return first;
  }

  /// All units that nobody has asked for, in the order of the journal.
  List<Unit> unasked() {
    return unasked.values().stream()
        .flatMap(siblings -> siblings.values().stream())
        .sorted(Comparator.comparingLong(unit -> unit.ordinal))
        .toList();
  }

  /// What somebody has put in the place of the task's output; null if nobody has.
  @Nullable Payload replaced(StepKey task) {
    return replaced.get(task);
  }

  /// When the task began, if that was written.
  @Nullable Instant taskBegun(StepKey key) {
    return tasksBegun.get(key);
  }

  boolean taskEnded(StepKey key) {
    return !tasksEnded.isEmpty() && tasksEnded.contains(key);
  }

  /// The run's input; empty for a run that has no journal yet.
  Payload input() {
    return started == null ? Payload.EMPTY : started.input();
  }

  Entry.@Nullable CheckpointSaved checkpoint() {
    return checkpoint;
  }

  /// The place in the journal of the request to cancel; 0 if there is none.
  long cancelledAt() {
    return cancelledAt;
  }

  String cancelReason() {
    return cancelReason;
  }

  /// How many entries the journal has.
  long ordinal() {
    return ordinal;
  }

  int lastFrame() {
    return lastFrame;
  }
}
