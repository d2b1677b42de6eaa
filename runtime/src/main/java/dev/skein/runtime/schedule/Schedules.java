package dev.skein.runtime.schedule;

import dev.skein.interpreter.expression.Expressions;
import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.model.Definition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Starts runs of the deployed workflows that have a schedule, from when it is told to begin.
/// Thread-safe.
public final class Schedules implements AutoCloseable {
  private static final int EVENTS_A_READ = 1_000;

  private final Engine engine;
  private final Store store;
  private final Clock clock;
  private final Sources sources;
  private final Map<String, Keeper> keepers = new ConcurrentHashMap<>();
  private boolean begun;

  /// @param definitions finds a deployed workflow
  public record Sources(Function<WorkflowRef, Definition> definitions, Expressions expressions) {}

  public Schedules(Engine engine, Store store, Clock clock, Sources sources) {
    this.engine = engine;
    this.store = store;
    this.clock = clock;
    this.sources = sources;
  }

  /// Looks after all schedules there are, while this is the node that does; before that, and
  /// without it, they are only kept.
  public synchronized void begin() {
    engine.onEvent(this::offer);
    engine.onEnd(this::ended);
    engine.onLead(this::lead);
    engine.onRedeployed(this::readAgain);
  }

  private synchronized void lead(boolean now) {
    begun = now;
    if (now) {
      store.schedules().forEach(this::keep);
      catchUpOnEvents();
    } else {
      keepers.values().forEach(Keeper::retire);
      keepers.clear();
    }
  }

  /// Another node has deployed, paused or resumed something.
  private synchronized void readAgain() {
    if (!begun) {
      return;
    }
    Map<String, StoredSchedule> rows = new HashMap<>();
    store.schedules().forEach(row -> rows.put(row.workflow().qualifiedName(), row));
    keepers.forEach((name, keeper) -> {
      StoredSchedule row = rows.get(name);
      if (row == null || !keeper.isOf(row)) {
        keeper.retire();
        keepers.remove(name);
      }
    });
    rows.forEach((name, row) -> {
      if (!keepers.containsKey(name)) {
        keep(row);
      }
    });
    catchUpOnEvents();
  }

  private void keep(StoredSchedule row) {
    Keeper keeper = keeper(row);
    if (begun && keeper != null) {
      keepers.put(row.workflow().qualifiedName(), keeper);
      keeper.begin();
    }
  }

  private @Nullable Keeper keeper(StoredSchedule row) {
    WorkflowRef workflow = row.workflow();
    Plan plan = plan(sources.definitions().apply(workflow), workflow, row.anchor());
    return plan == null ? null : new Keeper(means(), plan, row);
  }

  private Keeper.Means means() {
    return new Keeper.Means(engine, store, clock, clock.now());
  }

  private @Nullable Plan plan(Definition definition, WorkflowRef workflow, Instant anchor) {
    return Plan.of(definition, workflow, anchor, sources.expressions());
  }

  private void ended(RunRow run) {
    for (Keeper keeper : keepers.values()) {
      if (run.id().equals(keeper.row().lastRun())) {
        engine.aside("skein-schedule", () -> keeper.ended(run));
      }
    }
  }

  /// Waits while schedules are being taken up, so that each sees the events in their order.
  private synchronized void offer(Event event) {
    keepers.values().forEach(keeper -> keeper.offer(event));
  }

  private void catchUpOnEvents() {
    long seen = keepers.values().stream().mapToLong(Keeper::seen).min().orElse(Long.MAX_VALUE);
    List<Event> events;
    do {
      events = seen == Long.MAX_VALUE ? List.of() : store.events(seen, EVENTS_A_READ);
      for (Event event : events) {
        offer(event);
        seen = event.number();
      }
    } while (events.size() == EVENTS_A_READ);
  }

  /// Deploys the newest version of a workflow, whose schedule takes the place of the one before.
  ///
  /// @param commit makes these changes durable, together with the definition
  public synchronized void deploy(
      WorkflowRef workflow, Definition definition, Consumer<List<Change>> commit) {
    StoredSchedule old = find(workflow.qualifiedName());
    Keeper before = keepers.remove(workflow.qualifiedName());
    if (before != null) {
      before.retire();
    }
    Instant now = clock.now();
    Plan plan = plan(definition, workflow, now);
    if (plan == null) {
      commit.accept(
          old == null
              ? List.of()
              : List.of(new Change.ScheduleRemoved(workflow.namespace(), workflow.name())));
      return;
    }
    var row =
        new StoredSchedule(
            workflow,
            now,
            plan.recurrence().begin(now),
            store.lastEvent(),
            old == null ? null : old.lastRun(),
            old != null && old.paused(),
            Pending.NOTHING.payload());
    commit.accept(List.of(new Change.ScheduleSaved(row)));
    keep(row);
    catchUpOnEvents();
  }

  /// Whether this is the version whose schedule counts.
  public boolean has(WorkflowRef workflow) {
    StoredSchedule row = find(workflow.qualifiedName());
    return row != null && row.workflow().equals(workflow);
  }

  private @Nullable StoredSchedule find(String name) {
    return store.schedules().stream()
        .filter(row -> row.workflow().qualifiedName().equals(name))
        .findFirst()
        .orElse(null);
  }

  /// Holds the schedule of a workflow: what comes due meanwhile is dropped.
  ///
  /// @param name with its namespace: `shop/nightly`
  /// @return whether there is such a schedule
  public boolean pause(String name) {
    return pause(name, true);
  }

  /// Goes on with it.
  public boolean resume(String name) {
    return pause(name, false);
  }

  /// Makes up for starts in a time that is over.
  ///
  /// @param name with its namespace
  /// @param dry whether only to tell what would be started
  /// @return null if there is no such schedule
  /// @throws IllegalArgumentException if time alone does not decide, or there are too many
  public @Nullable List<Backfill.Start> backfill(
      String name, Instant from, Instant to, boolean dry) {
    StoredSchedule row = find(name);
    Plan plan =
        row == null
            ? null
            : plan(sources.definitions().apply(row.workflow()), row.workflow(), row.anchor());
    return plan == null || row == null
        ? null
        : new Backfill(plan, row.workflow(), means()).make(from, to, dry);
  }

  private synchronized boolean pause(String name, boolean paused) {
    StoredSchedule row = find(name);
    Keeper known = keepers.get(name);
    Keeper keeper = known != null || row == null ? known : keeper(row);
    if (keeper != null) {
      keeper.pause(paused);
      if (known == null) {
        keeper.retire();
      }
    }
    return keeper != null;
  }

  @Override
  public synchronized void close() {
    keepers.values().forEach(Keeper::retire);
  }
}
