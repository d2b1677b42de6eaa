package dev.skein.store;

import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One node's right to commit to a store, by the database's clock. Each lease is an epoch of its
/// own and a row, and each commit writes that row, on condition that the node is not gone and that
/// the row counts as many commits as it has made. So a commit of a node that others have declared
/// gone fails for ever, and one whose answer was lost can be sent again: it is found to be there or
/// is done now, never twice, because both would write the same row.
///
/// A lease that has run out stays good until another node sees it.
final class Lease {
  /// The owner of what nobody owns: an epoch that was always over.
  static final long NOBODY = 0;

  private static final String BEGIN =
      """
      INSERT INTO @node (slot, place, expires, gone, name)
      SELECT slot, 0, clock_timestamp() + ? * interval '1 microsecond', 0, ?
      FROM generate_series(0, ?) AS slot
      WHERE NOT EXISTS (SELECT 1 FROM @node AS other WHERE other.slot = slot.slot AND other.gone = 0)
      ORDER BY slot LIMIT 1
      RETURNING epoch, slot\
      """;

  private static final String PROOF =
      """
      UPDATE @node
      SET place = place + 1, expires = clock_timestamp() + ? * interval '1 microsecond'
      WHERE epoch = ? AND gone = 0 AND place = ?\
      """;

  private static final String UNUSED_IDS =
      " AND NOT EXISTS (SELECT 1 FROM @run WHERE run.id = ANY (?))";

  private final long epoch;
  private final int slot;
  private final Duration length;

  /// How many commits the row counts. Owned by the committing thread.
  private long place;

  private Lease(long epoch, int slot, Duration length) {
    this.epoch = epoch;
    this.slot = slot;
    this.length = length;
  }

  private record Row(long place, boolean gone) {}

  /// Begins an epoch.
  ///
  /// @param name for people
  static Lease begin(Sql sql, String schema, String name, Duration length) {
    return sql.transaction(() -> {
      PostgresSchema.lock(sql, schema); // two nodes must not choose the same slot
      Lease begun =
          sql.first(
              BEGIN,
              row -> new Lease(row.getLong(1), row.getInt(2), length),
              micros(length),
              name,
              RunNumbers.SLOTS - 1);
      if (begun == null) {
        throw new StoreException(
            Code.IN_USE, "%d nodes share this store already".formatted(RunNumbers.SLOTS));
      }
      return begun;
    });
  }

  long epoch() {
    return epoch;
  }

  int slot() {
    return slot;
  }

  Duration length() {
    return length;
  }

  static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  /// A statement that proves the right to the commit after the last one, and counts it.
  ///
  /// @param newIds ids that no run may have yet
  BatchStatement proving(List<String> newIds) {
    return newIds.isEmpty()
        ? new BatchStatement(epoch, PROOF + " RETURNING 1", List.of(micros(length), epoch, place))
        : new BatchStatement(
            epoch,
            PROOF + UNUSED_IDS + " RETURNING 1",
            List.of(micros(length), epoch, place, Rows.texts(newIds)));
  }

  /// The commit is durable.
  void counted() {
    place++;
  }

  /// Finds out why a proof did not hold: returns if an attempt before this one has committed.
  ///
  /// @throws StoreException `FENCED` if the epoch is over, `CONFLICT` if an id is taken
  void explain(Sql sql) {
    Row row = row(sql);
    if (row != null && row.place == place + 1) {
      return;
    }
    if (row == null || row.gone) {
      throw fenced();
    }
    if (row.place != place) {
      throw new StoreException(
          Code.DAMAGED, "the store counts %d commits, not %d".formatted(row.place, place + 1));
    }
    throw new StoreException(Code.CONFLICT, "the store holds a run of that id already");
  }

  private @Nullable Row row(Sql sql) {
    return sql.first(
        "SELECT place, gone FROM @node WHERE epoch = ?",
        row -> new Row(row.getLong(1), row.getInt(2) == 1),
        epoch);
  }

  static StoreException fenced() {
    return new StoreException(
        Code.FENCED, "this node was silent for so long that others have taken over its runs");
  }

  /// Lets the others have at once what this node owned.
  void release(Sql sql) {
    sql.execute("UPDATE @node SET gone = 1 WHERE epoch = ?", epoch);
  }
}
