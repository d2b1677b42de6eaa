package dev.skein.store;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.Node;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row for each epoch of each node, on PostgreSQL, to be looked at; [Lease] writes it.
final class NodeTable {
  private static final int MOST_SHOWN = 200;

  private static final String ALL =
      """
      SELECT epoch, name, (extract(epoch FROM started) * 1000000)::bigint,
        (extract(epoch FROM expires) * 1000000)::bigint, gone,
        gone = 0 AND NOT EXISTS (SELECT 1 FROM @node AS older
          WHERE older.gone = 0 AND older.epoch < node.epoch),
        queued, median, slowest
      FROM @node WHERE epoch <> ? ORDER BY gone, epoch LIMIT ?\
      """;

  private static final String OPEN =
      "SELECT owner, status, count(*) FROM @run WHERE status < 4 GROUP BY owner, status";

  private static final String OWNER =
      """
      SELECT node.name FROM @run JOIN @node ON node.epoch = run.owner
      WHERE run.number = ? AND run.status < 4 AND node.gone = 0\
      """;

  private NodeTable() {}

  private record Owned(long owner, RunStatus status, long count) {}

  /// Those that live first.
  static List<Node> all(Sql sql) {
    var open = new HashMap<Long, Map<RunStatus, Long>>();
    for (Owned one : sql.query(OPEN, NodeTable::owned)) {
      open.computeIfAbsent(one.owner, _ -> new EnumMap<>(RunStatus.class))
          .put(one.status, one.count);
    }
    return sql.query(ALL, row -> node(row, open), Lease.NOBODY, MOST_SHOWN);
  }

  static @Nullable String owner(Sql sql, long run) {
    return sql.first(OWNER, row -> row.getString(1), run);
  }

  private static Owned owned(ResultSet row) throws SQLException {
    return new Owned(row.getLong(1), RunStatus.of(row.getInt(2)), row.getLong(3));
  }

  private static Node node(ResultSet row, Map<Long, Map<RunStatus, Long>> open)
      throws SQLException {
    long epoch = row.getLong(1);
    return new Node(
        epoch,
        row.getString(2),
        Sql.instant(row.getLong(3)),
        Sql.instant(row.getLong(4)),
        row.getInt(5) == 0,
        row.getBoolean(6),
        open.getOrDefault(epoch, Map.of()),
        condition(row));
  }

  private static Node.@Nullable Condition condition(ResultSet row) throws SQLException {
    int queued = row.getInt(7);
    return row.wasNull() ? null : new Node.Condition(duration(row, 8), duration(row, 9), queued);
  }

  private static @Nullable Duration duration(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Duration.ofNanos(micros * 1_000);
  }
}
