package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables, as the list of migrations that made them: never changed, only appended to. A store
/// keeps in `user_version` how many it has been through.
final class Schema {
  private static final String FIRST =
      """
      CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        priority INTEGER NOT NULL,
        status INTEGER NOT NULL,
        ended_at INTEGER,
        wake_at INTEGER,
        wake TEXT NOT NULL,
        checkpoint INTEGER NOT NULL
      );
      CREATE INDEX run_open ON run (status, number) WHERE status < 4;
      CREATE INDEX run_wake ON run (wake_at, number) WHERE wake_at IS NOT NULL;

      CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        frame BLOB NOT NULL
      );
      CREATE UNIQUE INDEX journal_run ON journal (run, sequence);

      CREATE TABLE blob (
        hash TEXT PRIMARY KEY,
        content BLOB NOT NULL
      );

      CREATE TABLE message (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        name TEXT NOT NULL,
        payload BLOB NOT NULL,
        sent_at INTEGER NOT NULL
      );
      CREATE INDEX message_run ON message (run, id);

      CREATE TABLE incident (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        kind TEXT NOT NULL,
        summary TEXT NOT NULL,
        details TEXT NOT NULL,
        opened_at INTEGER NOT NULL,
        open INTEGER NOT NULL
      );
      CREATE INDEX incident_run ON incident (run, id);

      CREATE TABLE attribute (
        run INTEGER NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run, name)
      ) WITHOUT ROWID;
      CREATE INDEX attribute_value ON attribute (name, value, run);

      CREATE TABLE definition (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        source TEXT NOT NULL,
        deployed_at INTEGER NOT NULL,
        PRIMARY KEY (namespace, name, version)
      );
      """;

  private static final String EVENTS_AND_CHILDREN =
      """
      CREATE TABLE event (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER,
        source TEXT NOT NULL,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        payload BLOB NOT NULL,
        at INTEGER NOT NULL
      );
      CREATE UNIQUE INDEX event_once ON event (source, id);
      CREATE INDEX event_type ON event (type, number) WHERE run IS NULL;
      CREATE INDEX event_run ON event (run, type, number) WHERE run IS NOT NULL;

      CREATE TABLE event_taken (
        run INTEGER NOT NULL,
        event INTEGER NOT NULL,
        PRIMARY KEY (run, event)
      ) WITHOUT ROWID;

      CREATE TABLE listener (
        run INTEGER NOT NULL,
        type TEXT NOT NULL,
        condition BLOB NOT NULL,
        seen INTEGER NOT NULL
      );
      CREATE INDEX listener_type ON listener (type, run);
      CREATE INDEX listener_run ON listener (run);

      ALTER TABLE run ADD COLUMN parent INTEGER;
      ALTER TABLE run ADD COLUMN abandon INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE run ADD COLUMN events_from INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX run_parent ON run (parent, status) WHERE parent IS NOT NULL;

      DROP TABLE message;
      """;

  private static final String SCHEDULES =
      """
      CREATE TABLE schedule (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        anchor INTEGER NOT NULL,
        next INTEGER,
        seen INTEGER NOT NULL,
        last_run TEXT,
        paused INTEGER NOT NULL,
        state BLOB NOT NULL,
        PRIMARY KEY (namespace, name)
      );
      """;

  private static final String RESOURCES =
      """
      CREATE TABLE resource (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        uri TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (namespace, name, version, uri)
      ) WITHOUT ROWID;
      """;

  private static final String SEARCH =
      """
      CREATE INDEX run_status ON run (status, number);
      DROP INDEX run_open;
      CREATE INDEX run_workflow ON run (name, status, number);
      """;

  private static final String INCIDENTS =
      """
      CREATE INDEX incident_open ON incident (id) WHERE open = 1;
      """;

  private static final String ACCESS =
      """
      CREATE TABLE api_key (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        hash TEXT NOT NULL,
        grants TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        used_at INTEGER,
        revoked_at INTEGER
      );

      CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        hash TEXT NOT NULL
      );

      CREATE TABLE audit_end (
        number INTEGER NOT NULL,
        hash TEXT NOT NULL
      );
      INSERT INTO audit_end (number, hash)
      VALUES (0, '0000000000000000000000000000000000000000000000000000000000000000');
      """;

  private static final String TAKERS =
      """
      CREATE INDEX event_taken_by ON event_taken (event);
      """;

  private static final String SESSIONS =
      """
      CREATE TABLE session (
        hash TEXT PRIMARY KEY,
        holder TEXT NOT NULL,
        until INTEGER NOT NULL
      ) WITHOUT ROWID;
      """;

  private static final List<String> MIGRATIONS =
      List.of(
          FIRST,
          EVENTS_AND_CHILDREN,
          SCHEDULES,
          RESOURCES,
          SEARCH,
          INCIDENTS,
          ACCESS,
          TAKERS,
          SESSIONS);

  private Schema() {}

  /// Brings the store to the newest version, each migration in a transaction of its own.
  ///
  /// @throws StoreException if a newer Skein wrote the store
  static void migrate(Connection connection) throws SQLException {
    int version = version(connection);
    if (version > MIGRATIONS.size()) {
      throw new StoreException(
          StoreException.Code.UNREADABLE,
          "a newer Skein wrote this store (version %d, this one knows %d); use that one"
              .formatted(version, MIGRATIONS.size()));
    }
    for (int next = version; next < MIGRATIONS.size(); next++) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        for (String sql : MIGRATIONS.get(next).split(";\n", -1)) {
          if (!sql.isBlank()) {
            statement.executeUpdate(sql);
          }
        }
        statement.executeUpdate("PRAGMA user_version = " + (next + 1));
        connection.commit();
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  /// The version that this program brings a store to.
  static int newest() {
    return MIGRATIONS.size();
  }

  static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA user_version")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }
}
