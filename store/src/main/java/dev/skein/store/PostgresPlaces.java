package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Places in lines that several processes stand in, one line for each name: a row says when its
/// next place is due, by the clock of the database. Thread-safe.
public final class PostgresPlaces implements AutoCloseable {
  private static final int CONNECTIONS = 2;

  // of one row there is one change at a time, so the clock is read when the turn has come
  private static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000000000)::bigint";
  private static final String TAKE =
      """
      INSERT INTO @place AS p (name, next) VALUES (?, NOW + ?)
      ON CONFLICT (name) DO UPDATE SET next = GREATEST(p.next, NOW) + ?
      RETURNING p.next - NOW
      """
          .replace("NOW", NOW);
  private static final String TRY =
      """
      INSERT INTO @place AS p (name, next) VALUES (?, NOW + ?)
      ON CONFLICT (name) DO UPDATE SET next = GREATEST(p.next, NOW) + ? WHERE p.next - ? <= NOW
      """
          .replace("NOW", NOW);

  private final BlockingQueue<Link> links = new ArrayBlockingQueue<>(CONNECTIONS);

  private PostgresPlaces(PostgresUrl url) {
    for (int i = 0; i < CONNECTIONS; i++) {
      links.add(new Link(url));
    }
  }

  /// Those of a store; nothing is connected before the first place is taken.
  public static PostgresPlaces of(String url) {
    return new PostgresPlaces(PostgresUrl.parse(url));
  }

  /// Takes the next places.
  ///
  /// @param spacing between two
  /// @param tolerance how much too early one may be taken
  /// @return how long until the last of them comes, not positive if all are free now; null if the
  ///   database cannot be reached
  public @Nullable Duration take(String name, Duration spacing, Duration tolerance, int places)
      throws InterruptedException {
    long step = spacing.toNanos() * places;
    Long after = asked(sql -> sql.first(TAKE, row -> row.getLong(1), name, step, step));
    return after == null ? null : Duration.ofNanos(after - spacing.toNanos() - tolerance.toNanos());
  }

  /// Takes the next place if it is free now; false too if the database cannot be reached.
  public boolean tryTake(String name, Duration spacing, Duration tolerance)
      throws InterruptedException {
    long step = spacing.toNanos();
    Integer taken = asked(sql -> sql.execute(TRY, name, step, step, tolerance.toNanos()));
    return taken != null && taken > 0;
  }

  private <T> @Nullable T asked(Function<Sql, @Nullable T> question) throws InterruptedException {
    Link link = links.take();
    try {
      return link.once(question);
    } catch (StoreException e) {
      if (PostgresDialect.passes(e)) {
        return null;
      }
      throw e;
    } finally {
      links.add(link);
    }
  }

  @Override
  public void close() {
    links.forEach(Link::close);
  }
}
