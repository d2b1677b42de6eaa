package dev.skein.kernel;

import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.Store.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Wakes runs that left memory, when their time comes. All timers are rows of the store; those due
/// soon are also here, so that waking is exact and costs no query. Guarded by its own lock.
final class Sleepers {
  private static final Duration WHEN_FULL = Duration.ofMillis(20);
  private static final int LARGEST_LOAD = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeSet<Due> near = new TreeSet<>();
  private final Store store;
  private final Clock clock;
  private final Residents residents;
  private final Activity activity;
  private final int mostResident;
  private final Duration horizon;
  private Due loadedTo = new Due(Instant.EPOCH, 0);
  private Clock.@Nullable Alarm alarm;
  private @Nullable Instant alarmAt;
  private boolean closed;

  Sleepers(
      Store store, Clock clock, Residents residents, Activity activity, EngineOptions options) {
    this.store = store;
    this.clock = clock;
    this.residents = residents;
    this.activity = activity;
    this.mostResident = options.mostResident();
    this.horizon = options.horizon();
  }

  /// A run has left memory until `at`; its row is durable.
  void add(Instant at, long run) {
    lock.lock();
    try {
      var due = new Due(at, run);
      if (due.compareTo(loadedTo) <= 0) {
        near.add(due);
        arm();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Wakes all that is due, loads what comes next, and sets the alarm for it. Called by the alarm,
  /// on a thread that may block.
  void turn() {
    var due = new ArrayList<Due>();
    boolean full = false;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      Instant now = clock.now();
      load(now);
      while (!near.isEmpty() && !near.first().at().isAfter(now) && !full) {
        due.add(near.removeFirst());
        full = due.size() >= LARGEST_LOAD || residents.size() + due.size() >= mostResident;
      }
      alarmAt = null;
      if (full) {
        armAt(now.plus(WHEN_FULL));
      } else {
        arm();
      }
    } finally {
      lock.unlock();
    }
    due.forEach(one -> residents.bring(one.run(), new Request.Wake()));
  }

  /// Reads the rows up to the horizon, so far as they are not here already.
  private void load(Instant now) {
    Instant until = now.plus(horizon);
    boolean covered = loadedTo.at().isAfter(now.plus(horizon.dividedBy(2)));
    if (covered || near.size() >= LARGEST_LOAD) {
      return;
    }
    List<Due> rows = store.due(loadedTo, until, LARGEST_LOAD);
    near.addAll(rows);
    loadedTo = rows.size() < LARGEST_LOAD ? new Due(until, Long.MAX_VALUE) : rows.getLast();
  }

  private void arm() {
    Instant refill = loadedTo.at().minus(horizon.dividedBy(2));
    Instant next = near.isEmpty() || near.first().at().isAfter(refill) ? refill : near.first().at();
    armAt(next);
  }

  private void armAt(Instant at) {
    if (closed || (alarmAt != null && !at.isBefore(alarmAt))) {
      return;
    }
    if (alarm != null) {
      alarm.cancel();
    }
    alarmAt = at;
    alarm = clock.at(at, this::turnAside);
  }

  private void turnAside() {
    activity.aside("skein-sleepers", this::turn);
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      if (alarm != null) {
        alarm.cancel();
      }
    } finally {
      lock.unlock();
    }
  }
}
