package dev.skein.store;

import dev.skein.kernel.store.StoredKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// The keys of programs, one row each for ever.
final class KeyTable {
  private static final String SAVE =
      """
      INSERT INTO @api_key AS before
        (id, name, hash, grants, created_at, expires_at, used_at, revoked_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE
      SET used_at = excluded.used_at,
        revoked_at = COALESCE(before.revoked_at, excluded.revoked_at)\
      """;

  private static final String ALL =
      """
      SELECT id, name, hash, grants, created_at, expires_at, used_at, revoked_at FROM @api_key
      ORDER BY created_at, id\
      """;

  private KeyTable() {}

  /// Another process may have revoked it meanwhile, which stays.
  static void save(Sql sql, StoredKey key) {
    sql.execute(
        SAVE,
        key.id(),
        key.name(),
        key.hash(),
        key.grants(),
        key.createdAt(),
        key.expiresAt(),
        key.usedAt(),
        key.revokedAt());
  }

  static List<StoredKey> all(Sql sql) {
    return sql.query(ALL, KeyTable::row);
  }

  private static StoredKey row(ResultSet row) throws SQLException {
    return new StoredKey(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        Sql.instant(row.getLong(5)),
        Sql.optionalInstant(row, 6),
        Sql.optionalInstant(row, 7),
        Sql.optionalInstant(row, 8));
  }
}
