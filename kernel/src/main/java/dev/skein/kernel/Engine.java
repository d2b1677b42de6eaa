package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryReader;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Node;
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
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final Activity activity = new Activity();
  private final List<Consumer<Event>> subscribers = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<RunRow>> starting = new ConcurrentHashMap<>();
  private final Ends ends;
  private final Standing standing;
  private volatile @Nullable Watcher watcher;
  private final Succession tenures;
  private volatile boolean closed;

  /// Joins the store and continues every run that was not at an end and that nobody else continues.
  public Engine(Store store, Clock clock, Workflows workflows, EngineOptions options) {
    this.store = store;
    this.clock = clock;
    this.workflows = workflows;
    this.options = options;
    this.ends = new Ends(store, clock, activity);
    this.standing = new Standing(!store.membership().shared());
    this.tenures = new Succession(this);
    tenures.begin();
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
    return start(start, Along.NOTHING);
  }

  /// The same together with other changes.
  public RunRow start(Start start, Along along) {
    if (closed) {
      throw new EngineException(EngineException.Code.CLOSED, "this engine is closed");
    }
    Tenure now = tenures.now();
    int waiting = now.committer().waiting();
    if (waiting > options.largestQueue()) {
      throw new EngineException(
          EngineException.Code.OVERLOADED,
          "%d runs wait to be written; try again in a second".formatted(waiting));
    }
    String id = start.id();
    if (id == null) {
      long number = now.nextNumber();
      return create(now, start, along, number, RunNumbers.id(number));
    }
    var mine = new CompletableFuture<RunRow>();
    var theirs = starting.putIfAbsent(id, mine);
    if (theirs != null) {
      return existing(start, along, Answers.join(theirs));
    }
    try {
      RunRow there = store.run(id);
      RunRow row = there == null ? create(now, start, along, now.nextNumber(), id) : there;
      mine.complete(row);
      return there == null ? row : existing(start, along, there);
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      starting.remove(id);
    }
  }

  private RunRow existing(Start start, Along along, RunRow row) {
    if (!row.workflow().equals(start.workflow())) {
      throw new EngineException(
          EngineException.Code.CONFLICT,
          "run %s exists already, of workflow %s".formatted(row.id(), row.workflow()));
    }
    if (!along.there().isEmpty()) {
      commit(along.there());
    }
    return row;
  }

  private RunRow create(Tenure here, Start start, Along along, long number, String id) {
    Workflow workflow = workflows.find(start.workflow());
    if (workflow == null) {
      throw new EngineException(
          EngineException.Code.NO_SUCH_WORKFLOW,
          "there is no workflow " + start.workflow() + "; deploy or register it first");
    }
    Instant now = clock.now();
    var row =
        new RunRow(number, id, start.workflow(), now, start.priority(), null, RunLife.running(0));
    var run = new ActiveRun(here, row, Recorded.none());
    run.lock();
    try {
      run.add(new Change.RunCreated(row));
      if (!start.attributes().isEmpty()) {
        run.add(new Change.AttributesSet(number, start.attributes()));
      }
      along.created().apply(row).forEach(run::add);
      run.append(new Entry.RunStarted(now, start.workflow(), start.input()));
      here.residents().settle(run, workflow, start.input());
      run.awaitDurable();
    } catch (Unwinding.Leaving broken) {
      StoreException cause = run.failure();
      if (cause == null || cause.code() != StoreException.Code.CONFLICT) {
        throw here.failure();
      }
      return existing(start, along, row(id)); // started on another node at the same time
    } finally {
      run.unlock();
    }
    return row;
  }

  private RuntimeException failure() {
    return tenures.now().failure();
  }

  /// Waits until the run has ended; null if it has not by then.
  ///
  /// @throws StoreException if the store fails meanwhile
  /// @throws IncidentException if the run stops and needs somebody
  public @Nullable RunRow await(String id, Duration patience) throws InterruptedException {
    return ends.await(row(id).number(), patience, () -> endOf(id));
  }

  private @Nullable RunRow endOf(String id) {
    RunRow now = row(id);
    if (now.status().ended()) {
      return now;
    }
    refuseStopped(now);
    if (failed() && !store.membership().shared()) {
      throw failure();
    }
    return null;
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

  /// Opens an incident of a run, which goes on meanwhile, unless it has one open.
  public void report(String id, String kind, String summary, String details) {
    long number = row(id).number();
    if (store.incidents(number).isEmpty()) {
      var incident = tenures.now().incident(number, kind, summary, details);
      commit(List.of(new Change.IncidentOpened(incident)));
    }
  }

  private void request(String id, Request.Answered request) {
    RunRow row = row(id);
    if (row.status().ended()) {
      throw new EngineException(
          EngineException.Code.ENDED, "run %s has ended: it is %s".formatted(id, row.status()));
    }
    tenures.now().residents().bring(row.number(), request);
    Answers.join(request.answer());
  }

  /// Why an open run waits, as far as this engine knows better than the store; empty if it does
  /// not.
  public List<WakeReason> waitingFor(long number) {
    ActiveRun run = tenures.now().residents().find(number);
    return run == null ? List.of() : run.waitingFor();
  }

  /// Continues runs that wait for this workflow's code to be there.
  public void registered(WorkflowRef ref) {
    tenures.now().residents().registered(ref);
  }

  public void watch(@Nullable Watcher next) {
    watcher = next;
  }

  /// How many runs and others wait for the commit under way to end.
  public int waitingToCommit() {
    return tenures.now().committer().waiting();
  }

  /// Makes other changes durable, in the order given.
  public void commit(List<Change> changes) {
    tenures.now().commit(changes);
  }

  /// The same without waiting: no later than any change that is asked for from now on.
  public void commitSoon(List<Change> changes) {
    tenures.now().committer().commitSoon(changes);
  }

  /// Waits until every run in memory only waits; false if that took longer.
  public boolean awaitQuiet(Duration patience) throws InterruptedException {
    return activity.awaitNone(patience);
  }

  /// Whether its store has failed: nothing more becomes durable until it is opened, or joined,
  /// again.
  public boolean failed() {
    return tenures.now().failed();
  }

  /// How it is doing.
  public Node.Condition condition() {
    return tenures.now().committer().condition();
  }

  /// The epoch under which it owns runs now.
  public long epoch() {
    return tenures.now().epoch();
  }

  /// Shows each event of the log, in its order and at least once, to somebody besides the runs.
  public void onEvent(Consumer<Event> subscriber) {
    subscribers.add(subscriber);
  }

  /// Shows each run that has ended, durably, to somebody besides those who await it; on the run's
  /// own thread.
  public void onEnd(Consumer<RunRow> subscriber) {
    ends.subscribe(subscriber);
  }

  /// Tells whether this is the one node, of those that share the store, that does what only one may
  /// do; at once if it is, and whenever that changes.
  public void onLead(Consumer<Boolean> follower) {
    standing.onLead(follower);
  }

  /// Tells when another node has changed what is deployed or scheduled.
  public void onRedeployed(Runnable reader) {
    standing.onRedeployed(reader);
  }

  /// Shows the end of that run to those who are shown the ends of all runs here, whoever owns it.
  public void follow(String id) {
    ends.follow(row(id).number());
  }

  /// Does something on a thread of its own, which [#awaitQuiet] and closing wait for.
  public void aside(String name, Runnable action) {
    activity.aside(name, action);
  }

  // ---- for what acts on runs, and for its tenures

  Workflows workflows() {
    return workflows;
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

  Activity activity() {
    return activity;
  }

  /// Are shown each event.
  Iterable<Consumer<Event>> subscribers() {
    return subscribers;
  }

  Standing standing() {
    return standing;
  }

  Ends ends() {
    return ends;
  }

  long nextNumber() {
    return tenures.now().nextNumber();
  }

  /// What in the journal of the run does not fit that code.
  List<Moving.Difference> rehearse(RunRow row, Workflow workflow) {
    return Rehearsal.of(tenures.now(), row, workflow);
  }

  /// A run that is durable begins its life.
  void bring(long number) {
    tenures.now().bring(number);
  }

  boolean watched() {
    return watcher != null;
  }

  void tell(Consumer<Watcher> news) {
    Watcher told = watcher;
    if (told != null) {
      try {
        news.accept(told);
      } catch (RuntimeException e) {
        LOG.warn("a watcher failed", e);
      }
    }
  }

  /// Hands the runs in flight back to the store: steps under way may finish for a moment, the rest
  /// is found again when it is opened next, or by the nodes that share it.
  @Override
  public void close() {
    closed = true;
    tenures.close();
    ends.allStopped(failure());
  }
}
