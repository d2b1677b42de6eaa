package dev.skein.store;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store.Due;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row a run.
final class RunTable {
  static final String COLUMNS =
      "number, id, namespace, name, version, started_at, priority, status, ended_at, wake_at, wake,"
          + " checkpoint, parent, abandon";

  private static final String INSERT =
      "INSERT INTO @run ("
          + COLUMNS
          + ", events_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " (SELECT COALESCE(MAX(number), 0) FROM @event))";

  private static final String UPDATE =
      """
      UPDATE @run SET status = ?, ended_at = ?, wake_at = ?, wake = ?, checkpoint = ?
      WHERE number = ?\
      """;

  private static final String DUE =
      """
      SELECT wake_at, number FROM @run
      WHERE wake_at IS NOT NULL AND (wake_at, number) > (?, ?) AND wake_at <= ?
      ORDER BY wake_at, number LIMIT ?\
      """;

  private static final String INTERRUPTED =
      "SELECT "
          + COLUMNS
          + " FROM @run WHERE status < 4 AND status IN (0, 1) AND number > ? ORDER BY number LIMIT ?";

  private static final String CHILDREN =
      "SELECT " + COLUMNS + " FROM @run WHERE parent = ? AND status < 4 ORDER BY number";

  private static final String ORPHANS =
      "SELECT "
          + COLUMNS
          + " FROM @run WHERE parent IS NOT NULL AND status < 4 AND abandon = 0 AND number > ? AND"
          + " EXISTS (SELECT 1 FROM @run p WHERE p.number = run.parent AND p.status >= 4)"
          + " ORDER BY number LIMIT ?";

  private RunTable() {}

  static void insert(Sql sql, RunRow run) {
    RunRow.Progress progress = run.progress();
    RunRow.Parent parent = run.parent();
    sql.execute(
        INSERT,
        run.number(),
        run.id(),
        run.workflow().namespace(),
        run.workflow().name(),
        run.workflow().version(),
        run.startedAt(),
        run.priority(),
        progress.status().code(),
        progress.endedAt(),
        progress.wakeAt(),
        progress.wake(),
        progress.checkpoint(),
        parent == null ? null : parent.run(),
        parent != null && parent.abandon() ? 1 : 0);
  }

  static void update(Sql sql, long run, RunRow.Progress progress) {
    sql.execute(
        UPDATE,
        progress.status().code(),
        progress.endedAt(),
        progress.wakeAt(),
        progress.wake(),
        progress.checkpoint(),
        run);
  }

  static @Nullable RunRow byId(Sql sql, String id) {
    return sql.first("SELECT " + COLUMNS + " FROM @run WHERE id = ?", RunTable::row, id);
  }

  static @Nullable RunRow byNumber(Sql sql, long number) {
    return sql.first("SELECT " + COLUMNS + " FROM @run WHERE number = ?", RunTable::row, number);
  }

  static List<Due> due(Sql sql, Due after, Instant until, int limit) {
    return sql.query(
        DUE,
        row -> new Due(Sql.instant(row.getLong(1)), row.getLong(2)),
        after.at(),
        after.run(),
        until,
        limit);
  }

  static List<RunRow> interrupted(Sql sql, long above, int limit) {
    return sql.query(INTERRUPTED, RunTable::row, above, limit);
  }

  static Map<RunStatus, Long> open(Sql sql) {
    var counts = new EnumMap<RunStatus, Long>(RunStatus.class);
    sql.query(
        "SELECT status, count(*) FROM @run WHERE status < 4 GROUP BY status",
        row -> counts.put(RunStatus.of(row.getInt(1)), row.getLong(2)));
    return counts;
  }

  static List<RunRow> children(Sql sql, long run) {
    return sql.query(CHILDREN, RunTable::row, run);
  }

  static List<RunRow> orphans(Sql sql, long above, int limit) {
    return sql.query(ORPHANS, RunTable::row, above, limit);
  }

  private static RunRow.@Nullable Parent parent(ResultSet row) throws SQLException {
    long number = row.getLong(13);
    return row.wasNull() ? null : new RunRow.Parent(number, row.getInt(14) == 1);
  }

  static RunRow row(ResultSet row) throws SQLException {
    return new RunRow(
        row.getLong(1),
        row.getString(2),
        new WorkflowRef(row.getString(3), row.getString(4), row.getString(5)),
        Sql.instant(row.getLong(6)),
        row.getInt(7),
        parent(row),
        new RunRow.Progress(
            RunStatus.of(row.getInt(8)),
            Sql.optionalInstant(row, 9),
            Sql.optionalInstant(row, 10),
            row.getString(11),
            row.getInt(12)));
  }

  static long lastNumber(Sql sql) {
    Long last = sql.first("SELECT max(number) FROM @run", row -> row.getLong(1));
    return last == null ? 0 : last;
  }
}
