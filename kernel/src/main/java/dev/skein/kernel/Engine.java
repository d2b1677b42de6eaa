package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryReader;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs workflows durably on one store: starts them, brings them back after a crash, wakes them,
/// and lets them go when they only wait. Thread-safe.
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final int FRAMES_A_READ = 1_000;

  private final Store store;
  private final Clock clock;
  private final Workflows workflows;
  private final EngineOptions options;
  private final Committer committer;
  private final Residents residents;
  private final Events events;
  private final Families families;
  private final Sleepers sleepers;
  private final Numbers numbers;
  private final Activity activity = new Activity();
  private final Map<String, CompletableFuture<RunRow>> starting = new ConcurrentHashMap<>();
  private final Ends ends = new Ends();
  private volatile @Nullable Watcher watcher;
  private volatile boolean closed;

  /// Takes over the store and continues every run that was not at an end.
  public Engine(Store store, Clock clock, Workflows workflows, EngineOptions options) {
    this.store = store;
    this.clock = clock;
    this.workflows = workflows;
    this.options = options;
    this.committer = new Committer(store, clock, this::eventsCommitted, this::storeFailed);
    this.numbers = new Numbers(clock, store.lastNumber());
    this.residents = new Residents(this, workflows);
    this.families = new Families(store, residents);
    this.events = new Events(store, workflows, residents, activity);
    this.sleepers = new Sleepers(store, clock, residents, activity, options);
    new Recovery(store, residents).bringBack();
    families.recover();
    sleepers.turn();
  }

  // ---- clients

  /// What is to be started.
  ///
  /// @param id unique for ever; starting the same id again returns the run there is. Null for one
  ///   made here.
  /// @param priority 1 (first) to 5
  /// @param attributes by which it can be found
  public record Start(
      WorkflowRef workflow,
      Payload input,
      @Nullable String id,
      int priority,
      Map<String, String> attributes) {
    public Start(WorkflowRef workflow, Payload input, @Nullable String id, int priority) {
      this(workflow, input, id, priority, Map.of());
    }

    public static Start of(WorkflowRef workflow, Payload input) {
      return new Start(workflow, input, null, 3);
    }
  }

  /// Accepts a run; when this returns it is durable.
  ///
  /// @throws EngineException `NO_SUCH_WORKFLOW`, `OVERLOADED`, `CLOSED`, or `CONFLICT` if a run of
  ///   this id has another workflow
  public RunRow start(Start start) {
    return start(start, List.of());
  }

  /// The same together with other changes: they become durable with the run, or not at all. If the
  /// run is there already, they alone do.
  public RunRow start(Start start, List<Change> along) {
    if (closed) {
      throw new EngineException(EngineException.Code.CLOSED, "this engine is closed");
    }
    if (committer.waiting() > options.largestQueue()) {
      throw new EngineException(
          EngineException.Code.OVERLOADED,
          "%d runs wait to be written; try again in a second".formatted(committer.waiting()));
    }
    String id = start.id();
    if (id == null) {
      long number = numbers.next();
      return create(start, along, number, RunNumbers.id(number));
    }
    var mine = new CompletableFuture<RunRow>();
    var theirs = starting.putIfAbsent(id, mine);
    if (theirs != null) {
      return existing(start, along, theirs.join());
    }
    try {
      RunRow there = store.run(id);
      RunRow row = there == null ? create(start, along, numbers.next(), id) : there;
      mine.complete(row);
      return there == null ? row : existing(start, along, there);
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      starting.remove(id);
    }
  }

  private RunRow existing(Start start, List<Change> along, RunRow row) {
    if (!row.workflow().equals(start.workflow())) {
      throw new EngineException(
          EngineException.Code.CONFLICT,
          "run %s exists already, of workflow %s".formatted(row.id(), row.workflow()));
    }
    if (!along.isEmpty()) {
      committer.commit(along);
    }
    return row;
  }

  private RunRow create(Start start, List<Change> along, long number, String id) {
    Workflow workflow = workflows.find(start.workflow());
    if (workflow == null) {
      throw new EngineException(
          EngineException.Code.NO_SUCH_WORKFLOW,
          "there is no workflow " + start.workflow() + "; deploy or register it first");
    }
    Instant now = clock.now();
    var row =
        new RunRow(number, id, start.workflow(), now, start.priority(), null, RunLife.running(0));
    var run = new ActiveRun(this, row, Recorded.none());
    run.lock();
    try {
      run.add(new Change.RunCreated(row));
      if (!start.attributes().isEmpty()) {
        run.add(new Change.AttributesSet(number, start.attributes()));
      }
      along.forEach(run::add);
      run.append(new Entry.RunStarted(now, start.workflow(), start.input()));
      residents.settle(run, workflow, start.input());
      run.awaitDurable();
    } catch (Unwinding.Leaving broken) {
      throw failure();
    } finally {
      run.unlock();
    }
    return row;
  }

  /// Why nothing more can be done here.
  RuntimeException failure() {
    StoreException cause = committer.failure();
    return cause == null || cause.code() == StoreException.Code.CLOSED
        ? new EngineException(EngineException.Code.CLOSED, "this engine is closed")
        : new StoreException(cause.code(), String.valueOf(cause.getMessage()), cause);
  }

  /// Waits until the run has ended; null if it has not by then.
  ///
  /// @throws StoreException if the store fails meanwhile
  /// @throws IncidentException if the run stops and needs somebody
  public @Nullable RunRow await(String id, Duration patience) throws InterruptedException {
    RunRow row = row(id);
    var end = ends.of(row.number());
    RunRow now = row(id); // again, now that an end cannot be missed
    if (now.status().ended()) {
      ends.seen(now, end);
      return now;
    }
    refuseStopped(now);
    if (committer.failure() != null) {
      throw failure();
    }
    return ends.await(end, patience);
  }

  private void refuseStopped(RunRow row) {
    if (row.status() == RunStatus.SUSPENDED) {
      var incidents = store.incidents(row.number());
      if (!incidents.isEmpty()) {
        throw new IncidentException(row.id(), incidents.getLast());
      }
    }
  }

  public RunRow row(String id) {
    RunRow row = store.run(id);
    if (row == null) {
      throw new EngineException(EngineException.Code.NO_SUCH_RUN, "there is no run '" + id + "'");
    }
    return row;
  }

  /// The run's journal, from the beginning.
  ///
  /// @throws JournalException if it is damaged
  public static List<Entry> journal(Store store, long number) {
    var entries = new ArrayList<Entry>();
    int sequence = 0;
    List<Payload> frames;
    do {
      frames = store.frames(number, sequence + 1, FRAMES_A_READ);
      for (Payload frame : frames) {
        sequence++;
        entries.addAll(EntryReader.all(number, sequence, frame, store));
      }
    } while (frames.size() == FRAMES_A_READ);
    return entries;
  }

  /// Publishes events to all runs that listen; when this returns they are durable.
  public void publish(List<Announcement> events) {
    Instant now = clock.now();
    commit(events.stream().<Change>map(e -> new Change.EventPublished(e.at(now, null))).toList());
  }

  /// Sends an event to one run; when this returns it is durable, and will be taken once.
  public void signal(String id, Announcement event) {
    RunRow row = row(id);
    if (row.status().ended()) {
      throw new EngineException(
          EngineException.Code.ENDED,
          "run %s is %s and takes no more signals".formatted(id, row.status()));
    }
    commit(List.of(new Change.EventPublished(event.at(clock.now(), row.number()))));
  }

  /// Asks the run to stop and undo. Returns when the request is durable or the run has ended.
  public void cancel(String id, String reason) {
    request(id, new Request.Cancel(reason, new CompletableFuture<>()));
  }

  /// Lets the steps under way finish, and holds the run until it is resumed.
  public void suspend(String id, String reason) {
    request(id, new Request.Suspend(reason, new CompletableFuture<>()));
  }

  /// Continues a suspended run; its open incidents count as resolved.
  public void resume(String id) {
    request(id, new Request.Resume(new CompletableFuture<>()));
  }

  private void request(String id, Request.Answered request) {
    RunRow row = row(id);
    if (row.status().ended()) {
      throw new EngineException(
          EngineException.Code.ENDED, "run %s has ended: it is %s".formatted(id, row.status()));
    }
    residents.bring(row.number(), request);
    try {
      request.answer().join();
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Why an open run waits, as far as this engine knows better than the store; empty if it does
  /// not.
  public List<WakeReason> waitingFor(long number) {
    ActiveRun run = residents.find(number);
    return run == null ? List.of() : run.waitingFor();
  }

  /// Continues runs that wait for this workflow's code to be there.
  public void registered(WorkflowRef ref) {
    residents.registered(ref);
  }

  public void watch(@Nullable Watcher next) {
    watcher = next;
  }

  /// Makes other changes durable, in the order given.
  public void commit(List<Change> changes) {
    try {
      committer.commit(changes);
    } catch (StoreException e) {
      throw e.code() == StoreException.Code.CLOSED ? failure() : e;
    }
  }

  /// The same without waiting: no later than any change that is asked for from now on.
  public void commitSoon(List<Change> changes) {
    committer.commitSoon(changes);
  }

  /// Waits until every run in memory only waits; false if that took longer.
  public boolean awaitQuiet(Duration patience) throws InterruptedException {
    return activity.awaitNone(patience);
  }

  /// Whether its store has failed: nothing more becomes durable until it is opened again.
  public boolean failed() {
    return committer.failure() != null;
  }

  /// Shows each event of the log, in its order and at least once, to somebody besides the runs.
  public void onEvent(Consumer<Event> subscriber) {
    events.subscribe(subscriber);
  }

  /// Shows each run that has ended, durably, to somebody besides those who await it; on the run's
  /// own thread.
  public void onEnd(Consumer<RunRow> subscriber) {
    ends.subscribe(subscriber);
  }

  /// Does something on a thread of its own, which [#awaitQuiet] and closing wait for.
  public void aside(String name, Runnable action) {
    activity.aside(name, action);
  }

  // ---- for the runs

  Workflows workflows() {
    return workflows;
  }

  Events events() {
    return events;
  }

  private void eventsCommitted() {
    events.committed();
  }

  long nextNumber() {
    return numbers.next();
  }

  /// A run that is durable begins its life.
  void bring(long number) {
    residents.bring(number, new Request.Wake());
  }

  Families families() {
    return families;
  }

  Store store() {
    return store;
  }

  Clock clock() {
    return clock;
  }

  EngineOptions options() {
    return options;
  }

  Committer committer() {
    return committer;
  }

  Activity activity() {
    return activity;
  }

  boolean watched() {
    return watcher != null;
  }

  void tell(RunRow row, List<Entry> entries) {
    Watcher told = watcher;
    if (told != null) {
      try {
        told.committed(row, entries);
      } catch (RuntimeException e) {
        LOG.warn("a watcher failed", e);
      }
    }
  }

  Incident incident(long run, String kind, String summary, String details) {
    return new Incident(numbers.next(), run, kind, summary, details, clock.now());
  }

  /// A run is no longer in memory.
  void left(ActiveRun run) {
    RunRow row = run.row();
    Departure departure = run.departure();
    if (departure != null && departure.why() == Departure.Why.BROKEN) {
      stopped(row.number(), failure());
    } else if (row.status().ended()) {
      ends.ended(row);
    } else if (row.status() == RunStatus.SUSPENDED) {
      var incidents = store.incidents(row.number());
      if (!incidents.isEmpty()) {
        stopped(row.number(), new IncidentException(row.id(), incidents.getLast()));
      }
    } else if (row.progress().wakeAt() != null) {
      sleepers.add(row.progress().wakeAt(), row.number());
    }
  }

  /// The run will not end without somebody's help: tells those who wait for its end.
  void stopped(long number, RuntimeException why) {
    ends.stopped(number, why);
  }

  private void storeFailed() {
    ends.allStopped(failure());
  }

  /// Hands the runs in flight back to the store: steps under way may finish for a moment, the rest
  /// is found again when it is opened next.
  @Override
  public void close() {
    closed = true;
    sleepers.close();
    residents.evict(false);
    try {
      if (!activity.awaitNone(options.grace())) {
        residents.evict(true);
        activity.awaitNone(options.grace());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    committer.close();
    storeFailed();
  }
}
