package dev.skein.runtime.schedule;

import dev.skein.interpreter.Json;
import dev.skein.kernel.Along;
import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.model.Schedule.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after one schedule. Whatever starts a run moves the schedule in the same commit, so that a
/// crash neither loses nor doubles a start. Thread-safe: its lock owns everything.
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final Duration BEFORE_TRYING_AGAIN = Duration.ofSeconds(1);
  private static final Payload NO_INPUT = Json.payload(Json.NODES.objectNode());

  /// Starts beyond these are dropped.
  static final int MOST_WAITING = 1_000;

  /// How many events may have to be looked at again after a crash.
  private static final int EVENTS_BETWEEN_COMMITS = 1_000;

  /// What every keeper works with.
  record Means(Engine engine, Store store, Clock clock, Instant since) {}

  private final Means means;
  private final Plan plan;
  private final @Nullable Gatherings gatherings;
  private final ReentrantLock lock = new ReentrantLock();
  private StoredSchedule row;
  private Pending pending;
  private long looked;
  private Clock.@Nullable Alarm alarm;
  private boolean retired;

  Keeper(Means means, Plan plan, StoredSchedule row) {
    this.means = means;
    this.plan = plan;
    this.row = row;
    this.pending = Pending.of(row.state());
    this.looked = row.seen();
    this.gatherings = plan.gatherings(this::event);
  }

  private Payload event(long number) {
    return means.store().events(number - 1, 1).getFirst().payload();
  }

  /// Makes up for what happened while nobody looked after the schedule.
  void begin() {
    guarded(() -> {
      if (gatherings != null) {
        gatherings.restore(pending.gathered());
      }
      RunRow last = lastRun();
      if (last != null && last.status().ended()) {
        goOn(last);
      } else if (last != null) {
        means.engine().follow(last.id()); // another node may have it
      }
      arm();
    });
  }

  /// The time for which it was armed has come.
  void due() {
    guarded(() -> {
      Instant next = row.next();
      Instant now = means.clock().now();
      if (next != null && !row.paused() && !plan.jitter().start(next).isAfter(now)) {
        fire(plan.rules().at(now, next, means.since()));
      }
      arm();
    });
  }

  private void fire(Dues dues) {
    if (dues.cut()) {
      LOG.warn(
          "{} missed more than {} starts; those after the first are dropped",
          row.workflow(),
          Dues.MOST_MADE_UP);
    }
    for (int i = 0; i < dues.starts().size(); i++) {
      boolean last = i == dues.starts().size() - 1;
      Instant next = last ? dues.next() : dues.starts().get(i + 1);
      take(Fire.at(dues.starts().get(i)), row.next(next));
    }
    if (dues.starts().isEmpty()) {
      move(row.next(dues.next()));
    }
  }

  /// Starts a run, or not, as the rule for overlapping ones has it.
  ///
  /// @param moved where the schedule stands then
  private void take(Fire fire, StoredSchedule moved) {
    RunRow last = plan.overlap() == Overlap.ALLOW ? null : lastRun();
    boolean free = last == null || last.status().ended();
    if (free && pending.waiting().isEmpty()) {
      start(fire, moved);
    } else if (plan.overlap() == Overlap.QUEUE && pending.waiting().size() < MOST_WAITING) {
      var waiting = new ArrayList<>(pending.waiting());
      waiting.add(fire);
      pending = pending.waiting(waiting);
      move(moved);
    } else {
      if (plan.overlap() == Overlap.QUEUE) {
        LOG.warn("{} starts of {} wait already; one is dropped", MOST_WAITING, row.workflow());
      }
      move(moved);
    }
  }

  private void start(Fire fire, StoredSchedule moved) {
    String id = fire.runId(row.workflow().namespace(), row.workflow().name());
    Payload input =
        gatherings == null || fire.events().isEmpty() ? NO_INPUT : gatherings.input(fire.events());
    StoredSchedule started = moved.started(id).state(pending.payload());
    var start = new Engine.Start(row.workflow(), input, id, plan.priority());
    try {
      means.engine().start(start, Along.always(List.of(new Change.ScheduleMoved(started))));
      row = started;
    } catch (EngineException e) {
      if (e.code() != EngineException.Code.CONFLICT) {
        throw e;
      }
      move(moved); // an earlier version has made this start
    }
  }

  private void move(StoredSchedule moved) {
    StoredSchedule next = moved.state(pending.payload());
    means.engine().commit(List.of(new Change.ScheduleMoved(next)));
    row = next;
  }

  /// The same for what another node may be looking after.
  private void save(StoredSchedule changed) {
    StoredSchedule next = changed.state(pending.payload());
    means.engine().commit(List.of(new Change.ScheduleSaved(next), new Change.Redeployed()));
    row = next;
  }

  /// Whether this is how the schedule lies in the store, but for how far it has come.
  boolean isOf(StoredSchedule stored) {
    StoredSchedule mine = row();
    return stored.workflow().equals(mine.workflow())
        && stored.anchor().equals(mine.anchor())
        && stored.paused() == mine.paused();
  }

  /// A run of this schedule may have ended.
  void ended(RunRow run) {
    guarded(() -> {
      if (run.id().equals(row.lastRun())) {
        goOn(run);
        arm();
      }
    });
  }

  private void goOn(RunRow ended) {
    List<Fire> waiting = pending.waiting();
    if (!waiting.isEmpty() && !row.paused()) {
      pending = pending.waiting(waiting.subList(1, waiting.size()));
      start(waiting.getFirst(), row);
    } else if (row.next() == null && plan.recurrence() instanceof Recurrence.After after) {
      Instant end = ended.progress().endedAt();
      move(row.next(after.begin(end == null ? means.clock().now() : end)));
    }
  }

  /// An event, in the log's order; one that it has looked at already counts for nothing.
  void offer(Event event) {
    guarded(() -> {
      if (gatherings == null || event.number() <= looked) {
        return;
      }
      looked = event.number();
      if (event.run() != null || row.paused()) {
        return;
      }
      List<Long> enough = gatherings.offer(event);
      pending = pending.gathered(gatherings.gathered());
      if (enough != null) {
        take(Fire.by(enough), row.seen(looked));
      } else if (looked - row.seen() >= EVENTS_BETWEEN_COMMITS) {
        move(row.seen(looked));
      }
    });
  }

  /// The number of the last event that it need not see again.
  long seen() {
    lock.lock();
    try {
      return gatherings == null ? Long.MAX_VALUE : looked;
    } finally {
      lock.unlock();
    }
  }

  /// What comes due while it is paused is dropped.
  void pause(boolean paused) {
    lock.lock();
    try {
      if (paused == row.paused()) {
        return;
      }
      if (paused) {
        save(row.paused(true));
      } else {
        resume();
      }
      arm();
    } finally {
      lock.unlock();
    }
  }

  private void resume() {
    RunRow last = lastRun();
    boolean open = last != null && !last.status().ended();
    boolean endDecides = open && plan.recurrence() instanceof Recurrence.After;
    Instant next = endDecides ? null : plan.recurrence().begin(means.clock().now());
    looked = Math.max(looked, means.store().lastEvent());
    save(row.paused(false).next(next).seen(looked));
    if (last != null && !open) {
      goOn(last);
    }
  }

  StoredSchedule row() {
    lock.lock();
    try {
      return row;
    } finally {
      lock.unlock();
    }
  }

  /// Another version has taken its place, or nobody looks after schedules any more.
  void retire() {
    lock.lock();
    try {
      retired = true;
      disarm();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable RunRow lastRun() {
    String last = row.lastRun();
    return last == null ? null : means.store().run(last);
  }

  private void arm() {
    Instant next = row.next();
    disarm();
    if (next != null && !row.paused()) {
      alarm(plan.jitter().start(next));
    }
  }

  private void alarm(Instant at) {
    Runnable action = () -> means.engine().aside("skein-schedule", this::due);
    if (at.isAfter(means.clock().now())) {
      alarm = means.clock().at(at, action);
    } else {
      action.run();
    }
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  /// Where the engine can't take a start just now, it is tried again; where it has stopped, the
  /// store knows where to go on.
  private void guarded(Runnable action) {
    lock.lock();
    try {
      if (!retired) {
        action.run();
      }
    } catch (EngineException e) {
      if (e.code() == EngineException.Code.OVERLOADED) {
        disarm();
        alarm(means.clock().now().plus(BEFORE_TRYING_AGAIN));
      } else if (e.code() != EngineException.Code.CLOSED) {
        throw e;
      }
    } catch (StoreException e) {
      LOG.debug("the schedule of {} goes on when the store is opened next", row.workflow(), e);
    } finally {
      lock.unlock();
    }
  }
}
