package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// What a store is like, found out without opening it for work and without changing anything.
///
/// @param version how many changes of its tables it has been through; 0 if there is nothing yet
/// @param known how many of them this program knows
/// @param lacks what it needs and has not, a part of a sentence each
/// @param time by its own clock; null if it has none
public record StoreCondition(int version, int known, List<String> lacks, @Nullable Instant time) {
  private static final int OLDEST_SERVER = 140_000;

  private static final String SERVER =
      """
      SELECT current_setting('server_version_num')::int, current_setting('fsync') = 'on',
        current_setting('synchronous_commit') <> 'off',
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
      """;
  private static final String MAY_MAKE =
      "SELECT has_database_privilege(current_database(), 'CREATE')";
  private static final String SCHEMA =
      """
      SELECT has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE')
      FROM pg_namespace WHERE nspname = ?
      """;
  private static final String FOREIGN_TABLES =
      """
      SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')
      ORDER BY c.relname LIMIT 5
      """;

  public StoreCondition {
    lacks = List.copyOf(lacks);
  }

  /// Of the store in a data directory.
  ///
  /// @throws StoreException if there is a file that is no store, or cannot be read
  public static StoreCondition of(Path directory) {
    Path file = DataDirectory.storeFile(directory);
    if (!Files.exists(file)) {
      return new StoreCondition(0, Schema.newest(), List.of(), null);
    }
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    try (var connection = config.createConnection("jdbc:sqlite:" + file)) {
      return new StoreCondition(Schema.version(connection), Schema.newest(), List.of(), null);
    } catch (SQLException e) {
      throw SqliteDialect.SQLITE.failure(e);
    }
  }

  /// Of the store in a database.
  ///
  /// @param url as [PostgresUrl] reads it
  /// @throws StoreException if the database cannot be reached or refuses
  public static StoreCondition of(String url) {
    PostgresUrl at = PostgresUrl.parse(url);
    try (Link link = new Link(at)) {
      return link.once(sql -> of(sql, at.schema()));
    }
  }

  private static StoreCondition of(Sql sql, String schema) {
    var lacks = new ArrayList<String>();
    Instant time =
        sql.first(
            SERVER,
            row -> {
              if (row.getInt(1) < OLDEST_SERVER) {
                lacks.add("PostgreSQL 14 or newer");
              }
              if (!row.getBoolean(2) || !row.getBoolean(3)) {
                lacks.add(
                    "fsync and synchronous_commit, without which a crash may lose what was done");
              }
              return Sql.instant(row.getLong(4));
            });
    Boolean usable = sql.first(SCHEMA, row -> row.getBoolean(1), schema);
    if (usable == null) {
      if (!Boolean.TRUE.equals(sql.first(MAY_MAKE, row -> row.getBoolean(1)))) {
        lacks.add("the schema " + schema + ", which its role may not make");
      }
      return new StoreCondition(0, PostgresSchema.newest(), lacks, time);
    }
    if (!usable) {
      lacks.add("the rights USAGE and CREATE on the schema " + schema);
    }
    List<String> foreign = sql.query(FOREIGN_TABLES, row -> row.getString(1), schema);
    if (!foreign.isEmpty()) {
      lacks.add("to own its tables, as it does not " + String.join(", ", foreign));
    }
    int version = lacks.isEmpty() ? PostgresSchema.version(sql, schema) : 0;
    return new StoreCondition(version, PostgresSchema.newest(), lacks, time);
  }
}
