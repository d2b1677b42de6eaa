package dev.skein.store;

import dev.skein.kernel.store.StoredSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who has logged in, one row each until it is over.
final class SessionTable {
  private SessionTable() {}

  /// Those that have ended by themselves go.
  static void begin(Sql sql, StoredSession session, Instant now) {
    sql.execute("DELETE FROM @session WHERE until <= ?", now);
    sql.execute(
        "INSERT INTO @session (hash, holder, until) VALUES (?, ?, ?)",
        session.hash(),
        session.holder(),
        session.until());
  }

  static void end(Sql sql, String hash) {
    sql.execute("DELETE FROM @session WHERE hash = ?", hash);
  }

  static @Nullable StoredSession find(Sql sql, String hash) {
    return sql.first(
        "SELECT holder, until FROM @session WHERE hash = ?",
        row -> new StoredSession(hash, row.getString(1), Sql.instant(row.getLong(2))),
        hash);
  }
}
