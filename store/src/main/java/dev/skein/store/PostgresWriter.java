package dev.skein.store;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Membership.News;
import dev.skein.kernel.store.Membership.Seat;
import dev.skein.kernel.store.Node;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writing end of a store on PostgreSQL: has the node's lease, commits, looks what others did,
/// and keeps house. Guarded by its lock, but for the connection that renews the lease, which
/// belongs to the thread that does.
final class PostgresWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);
  private static final Duration HOUSEKEEPING = Duration.ofHours(1);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  /// Between two looks at what others did, if nothing is heard of them.
  private static final Duration LOOKING = Duration.ofMillis(500);

  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
  private static final Duration KEPT_WHEN_GONE = Duration.ofDays(1);

  private static final String FORGET =
      """
      DELETE FROM @node WHERE gone = 1 AND epoch <> ?
        AND expires < clock_timestamp() - ? * interval '1 microsecond'
        AND NOT EXISTS (SELECT 1 FROM @run WHERE run.owner = node.epoch AND run.status < 4)\
      """;

  private final PostgresUrl url;
  private final ReentrantLock lock = new ReentrantLock();
  private final Link link;
  private final Link renewing;
  private final Periods periods;
  private final DatabaseTime time = new DatabaseTime();
  private final Doorbell doorbell;
  private final AtomicBoolean rung = new AtomicBoolean();
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().name("skein-store-keeper-", 0).daemon().factory());
  private volatile Lease lease;
  private volatile @Nullable Consumer<News> listener;
  private volatile @Nullable Supplier<Node.Condition> condition;
  private volatile int nodes = 1;
  private boolean unused = true;

  /// The last one that was told of. Guarded by this object's monitor.
  private @Nullable Pulse last;

  PostgresWriter(PostgresUrl url, Link link, Link renewing) {
    this.url = url;
    this.link = link;
    this.renewing = renewing;
    this.periods = new Periods(url.schema());
    this.lease =
        link.once(sql -> {
          PostgresSchema.migrate(sql, url.schema());
          return begin(sql);
        });
    this.doorbell = new Doorbell(url, this::ring);
    beat();
    var _ =
        clock.scheduleWithFixedDelay(
            this::keepHouse, 0, HOUSEKEEPING.toSeconds(), TimeUnit.SECONDS);
  }

  private Lease begin(Sql sql) {
    return Lease.begin(sql, url.schema(), name(), url.lease());
  }

  /// What containers and machines call themselves, without asking anybody on the net.
  private static String name() {
    String host = System.getenv("HOSTNAME");
    long process = ProcessHandle.current().pid();
    return host == null || host.isBlank() ? "process " + process : host + "/" + process;
  }

  // ---- its part among others

  /// The epoch that the store was opened with, or, if somebody has used that, another.
  Seat join() {
    lock.lock();
    try {
      if (!unused) {
        lease = link.call(this::begin);
      }
      unused = false;
      return new Seat(lease.epoch(), lease.slot());
    } finally {
      lock.unlock();
    }
  }

  long epoch() {
    return lease.epoch();
  }

  /// The database's clock.
  InstantSource time() {
    return time;
  }

  void listen(Consumer<News> next) {
    synchronized (this) {
      listener = next;
      last = null;
    }
    ring();
  }

  void describe(Supplier<Node.Condition> next) {
    condition = next;
  }

  /// Looks soon, and once for all who ask meanwhile.
  private void ring() {
    if (rung.compareAndSet(false, true)) {
      try {
        clock.execute(this::look);
      } catch (RejectedExecutionException e) {
        LOG.debug("closed meanwhile", e);
      }
    }
  }

  private void beat() {
    Duration third = url.lease().dividedBy(3);
    Duration next = doorbell.works() || third.compareTo(LOOKING) < 0 ? third : LOOKING;
    try {
      look();
    } catch (StoreException e) {
      LOG.debug("the lease could not be renewed; trying again", e);
      next = third.compareTo(AFTER_FAILURE) < 0 ? third : AFTER_FAILURE;
    }
    try {
      var _ = clock.schedule(this::beat, next.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed meanwhile", e);
    }
  }

  /// Renews the lease and passes on what is new.
  private synchronized void look() {
    rung.set(false);
    Lease now = lease;
    long asked = System.nanoTime();
    Supplier<Node.Condition> described = condition;
    Node.Condition mine = described == null ? null : described.get();
    Pulse pulse = renewing.once(sql -> Pulse.beat(sql, now, mine));
    time.read(pulse.now(), asked, System.nanoTime());
    nodes = pulse.nodes();
    Consumer<News> told = listener;
    if (now != lease || told == null) {
      return;
    }
    News news = pulse.since(last);
    if (news != null) {
      last = pulse;
      told.accept(news);
    }
  }

  /// Ends the epoch and tells the others.
  void leave() {
    lock.lock();
    try {
      link.once(sql -> {
        lease.release(sql);
        tellOthers(sql);
        return true;
      });
    } finally {
      lock.unlock();
    }
  }

  private void tellOthers(Sql sql) {
    sql.query("SELECT pg_notify(?, '')::text", row -> true, Doorbell.channel(url.schema()));
  }

  // ---- commits

  /// Writes something else than a commit, under the lease.
  <T> T write(BiFunction<Sql, Lease, T> work) {
    lock.lock();
    try {
      return link.call(sql -> work.apply(sql, lease));
    } finally {
      lock.unlock();
    }
  }

  void commit(List<Change> changes) {
    var batch = new Batch(changes);
    lock.lock();
    try {
      link.call(sql -> {
        commit(sql, batch);
        return true;
      });
      lease.counted();
    } finally {
      lock.unlock();
    }
  }

  /// Done again with the same arguments it has no further effect, see [Lease].
  private void commit(Sql sql, Batch batch) {
    periods.make(sql, batch.runs());
    boolean atOnce = batch.rare.isEmpty() && !batch.choosesIdsAtTheTurn();
    boolean proven = atOnce ? write(sql, batch) : writeOneAfterTheOther(sql, batch);
    if (!proven) {
      lease.explain(sql);
    }
  }

  private boolean write(Sql sql, Batch batch) {
    BatchStatement statement = lease.proving(batch.chosenIds());
    statement.add(batch);
    if (batch.concernsOthers() && nodes > 1) {
      statement.notifying(Doorbell.channel(url.schema()));
    }
    return statement.execute(sql);
  }

  private boolean writeOneAfterTheOther(Sql sql, Batch batch) {
    return sql.transaction(() -> {
      if (batch.choosesIdsAtTheTurn()) {
        PostgresSchema.lock(sql, url.schema()); // sees all that was committed before it had that
      }
      boolean proven = write(sql, batch);
      if (proven) {
        batch.rare.forEach(write -> write.accept(sql));
      }
      return proven;
    });
  }

  private void keepHouse() {
    try {
      Instant now = makeAhead();
      Duration retention = url.retention();
      if (retention != null) {
        int dropped = dropHistory(now.minus(retention));
        LOG.debug("dropped {} weeks of history", dropped);
      }
      write((sql, mine) -> sql.execute(FORGET, Lease.NOBODY, Lease.micros(KEPT_WHEN_GONE)));
    } catch (StoreException e) {
      LOG.warn("partitions could not be made or dropped; it is tried again within the hour", e);
    }
  }

  private Instant makeAhead() {
    lock.lock();
    try {
      return link.call(sql -> {
        Instant now = now(sql);
        periods.makeAhead(sql, now);
        return now;
      });
    } finally {
      lock.unlock();
    }
  }

  private static Instant now(Sql sql) {
    Long micros =
        sql.first(
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
            row -> row.getLong(1));
    return Sql.instant(micros == null ? 0 : micros);
  }

  int dropHistory(Instant endedBefore) {
    lock.lock();
    try {
      return link.call(sql -> periods.drop(sql, endedBefore));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    doorbell.close();
    clock.shutdownNow();
    try {
      leave();
    } catch (StoreException e) {
      LOG.debug("the lease was not released and runs out by itself", e);
    } finally {
      link.close();
    }
    closeRenewing();
  }

  private void closeRenewing() {
    try {
      if (clock.awaitTermination(FAREWELL.toSeconds(), TimeUnit.SECONDS)) {
        renewing.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
