package dev.skein.store;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store.Due;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One row a run.
final class RunTable {
  static final String COLUMNS =
      "number, id, namespace, name, version, started_at, priority, status, ended_at, wake_at, wake,"
          + " checkpoint, parent, abandon";

  /// The same where another table is read as well.
  static final String COLUMNS_OF_RUN =
      Stream.of(COLUMNS.split(", ")).map("run."::concat).collect(Collectors.joining(", "));

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
      WHERE wake_at IS NOT NULL AND (wake_at, number) > (?, ?) AND wake_at <= ? OWNED
      ORDER BY wake_at, number LIMIT ?\
      """;

  private static final String INTERRUPTED =
      "SELECT "
          + COLUMNS
          + " FROM @run WHERE status < 4 AND status IN (0, 1) AND number > ? OWNED ORDER BY number LIMIT ?";

  private static final String OPEN_OF_WORKFLOW =
      """
      SELECT version, status, count(*) FROM @run
      WHERE namespace = ? AND name = ? AND status < 4 GROUP BY version, status\
      """;

  private static final String CHILDREN =
      "SELECT " + COLUMNS + " FROM @run WHERE parent = ? AND status < 4 ORDER BY number";

  private static final String ORPHANS =
      "SELECT "
          + COLUMNS
          + " FROM @run WHERE parent IS NOT NULL AND status < 4 AND abandon = 0 AND number > ? AND"
          + " EXISTS (SELECT 1 FROM @run p WHERE p.number = run.parent AND p.status >= 4)"
          + " OWNED ORDER BY number LIMIT ?";

  private static final String SETTLED =
      "SELECT " + COLUMNS + " FROM @run WHERE number = ANY (?) AND status >= 3";

  private RunTable() {}

  /// Only what that owner has, of a table `run` in a store that has owners.
  static String owned(String sql, @Nullable Long owner) {
    return sql.replace("OWNED", owner == null ? "" : "AND run.status < 4 AND run.owner = " + owner);
  }

  /// Those that have ended or are suspended.
  static List<RunRow> settled(Sql sql, Sql.Column runs) {
    return sql.query(SETTLED, RunTable::row, runs);
  }

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

  static void move(Sql sql, long run, WorkflowRef workflow) {
    sql.execute(
        "UPDATE @run SET namespace = ?, name = ?, version = ? WHERE number = ?",
        workflow.namespace(),
        workflow.name(),
        workflow.version(),
        run);
  }

  static @Nullable RunRow byId(Sql sql, String id) {
    return sql.first("SELECT " + COLUMNS + " FROM @run WHERE id = ?", RunTable::row, id);
  }

  static @Nullable RunRow byNumber(Sql sql, long number) {
    return sql.first("SELECT " + COLUMNS + " FROM @run WHERE number = ?", RunTable::row, number);
  }

  /// @param owner null where there are no owners; so in what follows
  static List<Due> due(Sql sql, @Nullable Long owner, Due after, Instant until, int limit) {
    return sql.query(
        owned(DUE, owner),
        row -> new Due(Sql.instant(row.getLong(1)), row.getLong(2)),
        after.at(),
        after.run(),
        until,
        limit);
  }

  static List<RunRow> interrupted(Sql sql, @Nullable Long owner, long above, int limit) {
    return sql.query(owned(INTERRUPTED, owner), RunTable::row, above, limit);
  }

  static Map<RunStatus, Long> open(Sql sql) {
    var counts = new EnumMap<RunStatus, Long>(RunStatus.class);
    sql.query(
        "SELECT status, count(*) FROM @run WHERE status < 4 GROUP BY status",
        row -> counts.put(RunStatus.of(row.getInt(1)), row.getLong(2)));
    return counts;
  }

  static Map<String, Map<RunStatus, Long>> open(Sql sql, String namespace, String name) {
    var counts = new HashMap<String, Map<RunStatus, Long>>();
    sql.query(
        OPEN_OF_WORKFLOW,
        row ->
            counts
                .computeIfAbsent(row.getString(1), _ -> new EnumMap<>(RunStatus.class))
                .merge(RunStatus.of(row.getInt(2)), row.getLong(3), Long::sum),
        namespace,
        name);
    return counts;
  }

  static List<RunRow> children(Sql sql, long run) {
    return sql.query(CHILDREN, RunTable::row, run);
  }

  static List<RunRow> orphans(Sql sql, @Nullable Long owner, long above, int limit) {
    return sql.query(owned(ORPHANS, owner), RunTable::row, above, limit);
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
