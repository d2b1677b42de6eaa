package dev.skein.store;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoredSchedule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// Where the schedules stand, one row a workflow.
final class ScheduleTable {
  private static final String SAVE =
      """
      INSERT INTO @schedule (namespace, name, version, anchor, next, seen, last_run, paused, state)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (namespace, name) DO UPDATE
      SET version = excluded.version, anchor = excluded.anchor, next = excluded.next,
        seen = excluded.seen, last_run = excluded.last_run, paused = excluded.paused,
        state = excluded.state\
      """;

  private static final String MOVE =
      """
      UPDATE @schedule SET next = ?, seen = ?, last_run = ?, state = ?
      WHERE namespace = ? AND name = ? AND version = ? AND anchor = ?\
      """;

  private static final String ALL =
      """
      SELECT namespace, name, version, anchor, next, seen, last_run, paused, state FROM @schedule
      ORDER BY namespace, name\
      """;

  private ScheduleTable() {}

  static void save(Sql sql, StoredSchedule schedule) {
    sql.execute(
        SAVE,
        schedule.workflow().namespace(),
        schedule.workflow().name(),
        schedule.workflow().version(),
        schedule.anchor(),
        schedule.next(),
        schedule.seen(),
        schedule.lastRun(),
        schedule.paused() ? 1 : 0,
        schedule.state().bytes());
  }

  static void move(Sql sql, StoredSchedule schedule) {
    sql.execute(
        MOVE,
        schedule.next(),
        schedule.seen(),
        schedule.lastRun(),
        schedule.state().bytes(),
        schedule.workflow().namespace(),
        schedule.workflow().name(),
        schedule.workflow().version(),
        schedule.anchor());
  }

  static void remove(Sql sql, String namespace, String name) {
    sql.execute("DELETE FROM @schedule WHERE namespace = ? AND name = ?", namespace, name);
  }

  static List<StoredSchedule> all(Sql sql) {
    return sql.query(ALL, ScheduleTable::row);
  }

  private static StoredSchedule row(ResultSet row) throws SQLException {
    return new StoredSchedule(
        new WorkflowRef(row.getString(1), row.getString(2), row.getString(3)),
        Sql.instant(row.getLong(4)),
        Sql.optionalInstant(row, 5),
        row.getLong(6),
        row.getString(7),
        row.getInt(8) == 1,
        Payload.of(row.getBytes(9)));
  }
}
