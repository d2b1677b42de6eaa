package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One process's right to commit to a store, by the database's clock. Each taking begins a new
/// epoch, and each commit writes the row of the lease, on condition that the epoch is still its own
/// and that the row counts as many commits as it has made. So a commit of an older epoch fails for
/// ever, and one whose answer was lost can be sent again: it is found to be there or is done now,
/// never twice, because both would write the same row.
///
/// A lease that has run out stays good until somebody takes it.
final class Lease {
  private static final Duration LONGEST_LOOK = Duration.ofMillis(200);

  private static final String TAKE =
      """
      INSERT INTO @node AS held (id, epoch, place, expires, holder)
      VALUES (?, 1, 0, clock_timestamp() + ? * interval '1 microsecond', ?)
      ON CONFLICT (id) DO UPDATE
      SET epoch = held.epoch + 1, expires = excluded.expires, holder = excluded.holder
      WHERE held.expires <= clock_timestamp()
      RETURNING epoch, place\
      """;

  private static final String HELD =
      """
      SELECT holder, epoch, place, expires::text,
        (extract(epoch FROM expires - clock_timestamp()) * 1000)::bigint
      FROM @node WHERE id = ?\
      """;

  private static final String RENEW =
      """
      UPDATE @node SET expires = clock_timestamp() + ? * interval '1 microsecond'
      WHERE id = ? AND epoch = ?\
      """;

  private static final String PROOF =
      """
      UPDATE @node
      SET place = place + 1, expires = clock_timestamp() + ? * interval '1 microsecond'
      WHERE id = ? AND epoch = ? AND place = ?\
      """;

  private static final String UNUSED_IDS =
      " AND NOT EXISTS (SELECT 1 FROM @run WHERE run.id = ANY (?))";

  private final String node;
  private final Duration length;
  private final long epoch;

  /// How many commits the row counts. Owned by the committing thread.
  private long place;

  private Lease(String node, Duration length, long epoch, long place) {
    this.node = node;
    this.length = length;
    this.epoch = epoch;
    this.place = place;
  }

  private record Held(String holder, long epoch, long place, String expires, long millisLeft) {
    boolean isAliveSince(Held before) {
      return epoch != before.epoch || !expires.equals(before.expires);
    }
  }

  /// Takes the lease, waiting for one that has not run out yet: its holder may have crashed just
  /// now.
  ///
  /// @throws StoreException `IN_USE` if the holder shows that it lives
  static Lease take(Sql sql, String node, String holder, Duration length) {
    Held before = null;
    while (true) {
      Lease taken =
          sql.first(
              TAKE,
              row -> new Lease(node, length, row.getLong(1), row.getLong(2)),
              node,
              micros(length),
              holder);
      if (taken != null) {
        return taken;
      }
      Held held = held(sql, node);
      if (held != null) {
        if (before != null && held.isAliveSince(before)) {
          throw new StoreException(
              Code.IN_USE,
              "the store is in use by %s; stop it, or choose another schema"
                  .formatted(held.holder));
        }
        before = held;
        pause(held.millisLeft);
      }
    }
  }

  private static void pause(long millisLeft) {
    try {
      TimeUnit.MILLISECONDS.sleep(Math.clamp(millisLeft + 1, 1, LONGEST_LOOK.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Code.IN_USE, "interrupted while waiting for the store", e);
    }
  }

  private static @Nullable Held held(Sql sql, String node) {
    return sql.first(
        HELD,
        row ->
            new Held(
                row.getString(1), row.getLong(2), row.getLong(3), row.getString(4), row.getLong(5)),
        node);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  /// A statement that proves the right to the commit after the last one, and counts it.
  ///
  /// @param newIds ids that no run may have yet
  BatchStatement proving(List<String> newIds) {
    return newIds.isEmpty()
        ? new BatchStatement(PROOF + " RETURNING 1", List.of(micros(length), node, epoch, place))
        : new BatchStatement(
            PROOF + UNUSED_IDS + " RETURNING 1",
            List.of(micros(length), node, epoch, place, Rows.texts(newIds)));
  }

  /// The commit is durable.
  void counted() {
    place++;
  }

  /// Finds out why a proof did not hold: returns if an attempt before this one has committed.
  ///
  /// @throws StoreException `FENCED` if another process has the lease, `CONFLICT` if an id is taken
  void explain(Sql sql) {
    Held held = held(sql, node);
    if (held == null || held.epoch != epoch) {
      throw fenced(held);
    }
    if (held.place == place) {
      throw new StoreException(Code.CONFLICT, "the store holds a run of that id already");
    }
    if (held.place != place + 1) {
      throw new StoreException(
          Code.DAMAGED, "the store counts %d commits, not %d".formatted(held.place, place + 1));
    }
  }

  private static StoreException fenced(@Nullable Held held) {
    return new StoreException(
        Code.FENCED,
        "this process was silent for so long that %s has taken the store over; start it again"
            .formatted(held == null ? "somebody" : held.holder));
  }

  /// @throws StoreException `FENCED` if another process has taken it
  void renew(Sql sql) {
    if (sql.execute(RENEW, micros(length), node, epoch) == 0) {
      throw fenced(held(sql, node));
    }
  }

  /// Lets the next process have it at once.
  void release(Sql sql) {
    sql.execute(RENEW, 0L, node, epoch);
  }
}
