package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.Ask;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.Membership;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an engine is under one epoch: its committer, the runs it owns and has in memory, what wakes
/// them. When the epoch is over, all of this is thrown away: its committer has failed for good, so
/// that nothing which still runs of it can ever write, and the next tenure begins with what the
/// store has. Thread-safe.
final class Tenure {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);
  private static final int ADOPTED_AT_ONCE = 200;
  private static final int ASKS_A_READ = 1_000;

  private final Engine engine;
  private final Membership membership;
  private final Membership.Seat seat;
  private final Committer committer;
  private final Residents residents;
  private final Events events;
  private final Families families;
  private final Sleepers sleepers;
  private final Numbers numbers;
  private final Set<Long> answering = ConcurrentHashMap.newKeySet();
  private final Object turn = new Object();

  /// Joins the store.
  ///
  /// @param onEnd called once, when it can do no more
  Tenure(Engine engine, Consumer<Tenure> onEnd) {
    this.engine = engine;
    Store store = engine.store();
    this.membership = store.membership();
    this.seat = membership.join();
    this.committer =
        new Committer(
            store,
            engine.clock(),
            this::eventsCommitted,
            () -> onEnd.accept(this),
            (changes, took) -> engine.tell(watcher -> watcher.wrote(changes, took)));
    this.numbers = new Numbers(engine.clock(), store.lastNumber(), seat.slot());
    this.residents = new Residents(this, engine.workflows());
    this.families = new Families(store, residents);
    this.events =
        new Events(store, engine.workflows(), residents, activity(), engine.subscribers());
    this.sleepers = new Sleepers(store, engine.clock(), residents, activity(), engine.options());
  }

  /// Continues every run there is to continue.
  void begin() {
    membership.describe(committer::condition);
    membership.listen(this::hear);
    new Recovery(engine.store(), residents).bringBack();
    families.recover();
    sleepers.turn();
    if (membership.shared()) {
      adopt();
      answer();
    }
  }

  // ---- others that share the store

  private void hear(Membership.News news) {
    if (news.fenced()) {
      committer.stopSoon(
          new StoreException(
              StoreException.Code.FENCED,
              "this node was silent for so long that others have taken over its runs"));
      return;
    }
    if (news.events()) {
      events.committed();
    }
    activity().aside("skein-standing", () -> stand(news));
    if (news.asks() || news.unowned()) {
      activity().aside("skein-news", () -> lookAround(news));
    }
  }

  private void stand(Membership.News news) {
    try {
      if (!over()) {
        engine.standing().leads(news.leads());
      }
      if (news.redeployed()) {
        engine.standing().redeployed();
      }
    } catch (StoreException e) {
      LOG.debug("the store failed while this node looked at what had changed", e);
    }
  }

  private void lookAround(Membership.News news) {
    try {
      if (news.unowned()) {
        adopt();
      }
      if (news.asks()) {
        answer();
      }
    } catch (StoreException e) {
      LOG.debug("what others left or asked is looked at again with the next news", e);
    }
  }

  /// Takes over what nobody owns, a few runs at a time, since others do so too, and no more than
  /// there is room for.
  private void adopt() {
    synchronized (turn) {
      List<RunRow> adopted;
      boolean any = false;
      do {
        adopted = over() ? List.of() : membership.adopt(seat.epoch(), ADOPTED_AT_ONCE);
        adopted.forEach(this::takeOver);
        any |= !adopted.isEmpty();
      } while (!adopted.isEmpty() && residents.size() < engine.options().mostResident());
      if (any) {
        new Recovery(engine.store(), residents).bringBackTold();
        families.recover();
        answer();
      }
    }
  }

  private void takeOver(RunRow row) {
    switch (row.status()) {
      case PENDING, RUNNING -> bring(row.number());
      case WAITING -> {
        if (row.progress().wakeAt() != null) {
          sleepers.add(row.progress().wakeAt(), row.number());
        }
      }
      case SUSPENDED, COMPLETED, FAULTED, CANCELLED -> {}
    }
  }

  /// Does what others ask. Each stays in the store until it is done: whoever adopts the run
  /// meanwhile finds it there.
  private void answer() {
    for (Ask ask : membership.asks(ASKS_A_READ)) {
      if (answering.add(ask.number())) {
        var answer = new CompletableFuture<@Nullable Void>();
        residents.bring(ask.run(), request(ask, answer));
        var _ =
            answer.whenComplete((_, _) -> activity().aside("skein-answered", () -> answered(ask)));
      }
    }
  }

  private static Request request(Ask ask, CompletableFuture<@Nullable Void> answer) {
    return switch (ask.kind()) {
      case CANCEL -> new Request.Cancel(ask.reason(), answer);
      case SUSPEND -> new Request.Suspend(ask.reason(), answer);
      case RESUME -> new Request.Resume(answer);
    };
  }

  private void answered(Ask ask) {
    try {
      if (!over()) {
        committer.commit(List.of(new Change.AskAnswered(ask.number())));
      }
    } catch (StoreException e) {
      LOG.debug("who has the run next answers again", e);
    } finally {
      answering.remove(ask.number());
    }
  }

  /// Whether this node may have that run in memory.
  boolean owns(long run) {
    return membership.owns(run);
  }

  /// Leaves word for the node that owns the run; returns when it is durable.
  void ask(long run, Ask.Kind kind, String reason) {
    committer.commit(
        List.of(
            new Change.Asked(new Ask(numbers.next(), run, kind, reason, engine.clock().now()))));
  }

  // ---- its end

  private boolean over() {
    return committer.failure() != null;
  }

  /// Forgets all of it; effects under way are interrupted.
  void abandon() {
    sleepers.close();
    residents.evict(true);
  }

  /// Lets effects under way finish for a moment, then leaves the rest to whoever is next.
  void close() {
    sleepers.close();
    residents.evict(false);
    try {
      if (!activity().awaitNone(engine.options().grace())) {
        residents.evict(true);
        activity().awaitNone(engine.options().grace());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    committer.close();
    try {
      membership.leave();
    } catch (StoreException e) {
      LOG.debug("others take over when the lease has run out", e);
    }
  }

  // ---- how it is

  long epoch() {
    return seat.epoch();
  }

  // ---- for the runs

  Residents residents() {
    return residents;
  }

  Workflows workflows() {
    return engine.workflows();
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
    return engine.store();
  }

  Clock clock() {
    return engine.clock();
  }

  EngineOptions options() {
    return engine.options();
  }

  Committer committer() {
    return committer;
  }

  Activity activity() {
    return engine.activity();
  }

  boolean watched() {
    return engine.watched();
  }

  void tell(RunRow row, List<Entry> entries) {
    engine.tell(watcher -> watcher.committed(row, entries));
  }

  boolean failed() {
    return over();
  }

  /// Why nothing more can be done here.
  RuntimeException failure() {
    StoreException cause = committer.failure();
    return cause == null || cause.code() == StoreException.Code.CLOSED
        ? new EngineException(EngineException.Code.CLOSED, "this engine is closed")
        : new StoreException(cause.code(), String.valueOf(cause.getMessage()), cause);
  }

  /// Makes other changes durable, in the order given.
  void commit(List<Change> changes) {
    try {
      committer.commit(changes);
    } catch (StoreException e) {
      throw e.code() == StoreException.Code.CLOSED ? failure() : e;
    }
  }

  Incident incident(long run, String kind, String summary, String details) {
    return new Incident(numbers.next(), run, kind, summary, details, engine.clock().now());
  }

  /// A run is no longer in memory.
  void left(ActiveRun run) {
    RunRow row = run.row();
    Departure departure = run.departure();
    if (departure != null && departure.why() == Departure.Why.BROKEN) {
      stopped(row.number(), failure());
    } else if (row.status().ended()) {
      engine.ends().ended(row);
    } else if (row.status() == RunStatus.SUSPENDED) {
      var incidents = store().incidents(row.number());
      if (!incidents.isEmpty()) {
        stopped(row.number(), new IncidentException(row.id(), incidents.getLast()));
      }
    } else if (row.progress().wakeAt() != null) {
      sleepers.add(row.progress().wakeAt(), row.number());
    }
  }

  /// The run will not end without somebody's help: tells those who wait for its end.
  void stopped(long number, RuntimeException why) {
    if (!membership.shared() || why instanceof IncidentException) {
      engine.ends().stopped(number, why);
    }
  }
}
