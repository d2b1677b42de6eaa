package dev.skein.store;

import dev.skein.kernel.store.AuditEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The audit log, and where it ends. The one row that says so is written by every commit that
/// appends: of several processes each waits there for the one before it, so the chain does not
/// branch.
final class AuditTable {
  private static final String END = "SELECT number, hash FROM @audit_end";
  private static final String MOVE = "UPDATE @audit_end SET number = ?, hash = ?";
  private static final String INSERT = "INSERT INTO @audit (number, text, hash) VALUES (?, ?, ?)";
  private static final String AFTER =
      "SELECT number, text, hash FROM @audit WHERE number > ? ORDER BY number LIMIT ?";

  private AuditTable() {}

  /// Row by row, for a database that is in this process and has one writer.
  static void append(Sql sql, List<String> texts) {
    if (texts.isEmpty()) {
      return;
    }
    List<AuditEntry> entries = following(end(sql), texts);
    entries.forEach(one -> sql.execute(INSERT, one.number(), one.text(), one.hash()));
    AuditEntry last = entries.getLast();
    sql.execute(MOVE, last.number(), last.hash());
  }

  /// At once, for a database that is far away and may have others who write.
  static void appendTogether(Sql sql, List<String> texts) {
    List<AuditEntry> ends = sql.query(END + " FOR UPDATE", AuditTable::endRow);
    List<AuditEntry> entries = following(ends.getFirst(), texts);
    var rows = new Rows(Rows.Type.NUMBER, Rows.Type.TEXT, Rows.Type.TEXT);
    entries.forEach(one -> rows.add(one.number(), one.text(), one.hash()));
    AuditEntry last = entries.getLast();
    var arguments = new ArrayList<Object>(List.of(last.number(), last.hash()));
    arguments.addAll(rows.columns());
    sql.execute(
        "WITH moved AS ("
            + MOVE
            + ")"
            + " INSERT INTO @audit (number, text, hash) SELECT * FROM "
            + rows.unnest(),
        arguments.toArray());
  }

  private static List<AuditEntry> following(AuditEntry end, List<String> texts) {
    var entries = new ArrayList<AuditEntry>(texts.size());
    AuditEntry last = end;
    for (String text : texts) {
      last = last.next(text);
      entries.add(last);
    }
    return entries;
  }

  static AuditEntry end(Sql sql) {
    AuditEntry end = sql.first(END, AuditTable::endRow);
    return end == null ? AuditEntry.NONE : end;
  }

  private static AuditEntry endRow(ResultSet row) throws SQLException {
    return new AuditEntry(row.getLong(1), "", row.getString(2));
  }

  static List<AuditEntry> after(Sql sql, long number, int limit) {
    return sql.query(
        AFTER,
        row -> new AuditEntry(row.getLong(1), row.getString(2), row.getString(3)),
        number,
        limit);
  }
}
