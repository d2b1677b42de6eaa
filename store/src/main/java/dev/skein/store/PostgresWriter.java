package dev.skein.store;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writing end of a store on PostgreSQL: holds its lease, commits, and keeps house. Guarded by
/// its lock, but for the connection that renews the lease, which belongs to the thread that does.
final class PostgresWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);
  private static final Duration HOUSEKEEPING = Duration.ofHours(1);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  /// One process at a time owns a store. Several, each with a lease of its own, would share the row
  /// names of this table.
  private static final String NODE = "main";

  private final PostgresUrl url;
  private final ReentrantLock lock = new ReentrantLock();
  private final Link link;
  private final Link renewing;
  private final Periods periods;
  private final Lease lease;
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().name("skein-store-keeper-", 0).daemon().factory());
  private volatile @Nullable StoreException lost;

  /// @throws StoreException `IN_USE` if another process holds the store
  PostgresWriter(PostgresUrl url, Link link, Link renewing) {
    this.url = url;
    this.link = link;
    this.renewing = renewing;
    this.periods = new Periods(url.schema());
    this.lease =
        link.once(sql -> {
          PostgresSchema.migrate(sql, url.schema());
          return Lease.take(sql, NODE, holder(), url.lease());
        });
    long third = url.lease().toMillis() / 3;
    var _ = clock.scheduleWithFixedDelay(this::renew, third, third, TimeUnit.MILLISECONDS);
    var _ =
        clock.scheduleWithFixedDelay(
            this::keepHouse, 0, HOUSEKEEPING.toSeconds(), TimeUnit.SECONDS);
  }

  private static String holder() {
    return "process " + ProcessHandle.current().pid() + " since " + Instant.now();
  }

  void commit(List<Change> changes) {
    var batch = new Batch(changes);
    lock.lock();
    try {
      StoreException gone = lost;
      if (gone != null) {
        throw gone;
      }
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
    boolean proven = batch.rare.isEmpty() ? write(sql, batch) : writeRowByRow(sql, batch);
    if (!proven) {
      lease.explain(sql);
    }
  }

  private boolean write(Sql sql, Batch batch) {
    BatchStatement statement = lease.proving(batch.chosenIds());
    statement.add(batch);
    return statement.execute(sql);
  }

  private boolean writeRowByRow(Sql sql, Batch batch) {
    return sql.transaction(() -> {
      boolean proven = write(sql, batch);
      if (proven) {
        batch.rare.forEach(write -> write.accept(sql));
      }
      return proven;
    });
  }

  private void renew() {
    try {
      renewing.call(sql -> {
        lease.renew(sql);
        return true;
      });
    } catch (StoreException e) {
      if (e.code() == Code.FENCED) {
        lost = e;
      } else {
        LOG.warn("the lease could not be renewed", e);
      }
    }
  }

  private void keepHouse() {
    try {
      Instant now = makeAhead();
      Duration retention = url.retention();
      if (retention != null) {
        int dropped = dropHistory(now.minus(retention));
        LOG.debug("dropped {} weeks of history", dropped);
      }
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
    clock.shutdownNow();
    lock.lock();
    try {
      link.once(sql -> {
        lease.release(sql);
        return true;
      });
    } catch (StoreException e) {
      LOG.debug("the lease was not released and runs out by itself", e);
    } finally {
      link.close();
      lock.unlock();
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
