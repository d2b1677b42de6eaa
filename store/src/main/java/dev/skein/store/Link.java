package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to the database that is made again whenever it is lost. Owned by one thread at a
/// time.
final class Link implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final PostgresUrl url;
  private final Dialect dialect;
  private @Nullable Sql sql;

  Link(PostgresUrl url) {
    this.url = url;
    this.dialect = new PostgresDialect(url.schema(), url.lease());
  }

  /// Does it once, and again after each failure that passes, until the patience is over. It must
  /// find out by itself what an attempt has done whose answer was lost.
  <T extends @Nullable Object> T call(Function<Sql, T> work) {
    long began = System.nanoTime();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return once(work);
      } catch (StoreException e) {
        if (!PostgresDialect.passes(e)) {
          throw e;
        }
        if (System.nanoTime() - began > url.patience().toNanos()) {
          throw new StoreException(
              Code.FAILED, "the database could not be reached for " + url.patience(), e);
        }
        LOG.debug("the database cannot be reached; trying again in {} ms", pause, e);
        sleep(pause, e);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  /// Does it without patience.
  <T extends @Nullable Object> T once(Function<Sql, T> work) {
    try {
      return work.apply(connected());
    } catch (StoreException e) {
      if (PostgresDialect.passes(e)) {
        close();
      }
      throw e;
    }
  }

  private Sql connected() {
    if (sql == null) {
      try {
        sql = new Sql(url.connect(), dialect);
      } catch (SQLException e) {
        throw dialect.failure(e);
      }
    }
    return sql;
  }

  /// @param cause why; a store that is being closed waits no longer
  private static void sleep(long millis, StoreException cause) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cause;
    }
  }

  /// Lets go of the connection; the next call makes another.
  @Override
  public void close() {
    Sql old = sql;
    sql = null;
    if (old != null) {
      try {
        old.close();
      } catch (StoreException e) {
        LOG.debug("a connection could not be closed", e); // it was lost before
      }
    }
  }
}
