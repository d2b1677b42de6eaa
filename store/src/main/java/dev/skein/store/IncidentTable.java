package dev.skein.store;

import dev.skein.kernel.store.Incident;
import java.util.List;

/// Problems of runs that need, or needed, somebody.
final class IncidentTable {
  private IncidentTable() {}

  static void insert(Sql sql, Incident incident) {
    sql.execute(
        "INSERT INTO @incident (id, run, kind, summary, details, opened_at, open) VALUES (?, ?, ?, ?, ?, ?, 1)",
        incident.id(),
        incident.run(),
        incident.kind(),
        incident.summary(),
        incident.details(),
        incident.openedAt());
  }

  static void closeAll(Sql sql, long run) {
    sql.execute("UPDATE @incident SET open = 0 WHERE run = ? AND open = 1", run);
  }

  static List<Incident> open(Sql sql, long run) {
    return sql.query(
        "SELECT id, kind, summary, details, opened_at FROM @incident WHERE run = ? AND open = 1 ORDER BY id",
        row ->
            new Incident(
                row.getLong(1),
                run,
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Sql.instant(row.getLong(5))),
        run);
  }

  static List<Incident> allOpen(Sql sql, long below, int limit) {
    return sql.query(
        "SELECT id, run, kind, summary, details, opened_at FROM @incident WHERE open = 1 AND id < ?"
            + " ORDER BY id DESC LIMIT ?",
        row ->
            new Incident(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Sql.instant(row.getLong(6))),
        below,
        limit);
  }

  static long lastId(Sql sql) {
    Long last = sql.first("SELECT max(id) FROM @incident", row -> row.getLong(1));
    return last == null ? 0 : last;
  }
}
