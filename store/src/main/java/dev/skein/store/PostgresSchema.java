package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.util.List;

/// The tables on PostgreSQL, as the list of migrations that made them: never changed, only appended
/// to. The table `migration` says which the store has been through.
///
/// What belongs to one run is partitioned by the number of the run, see [Periods].
final class PostgresSchema {
  private static final String FIRST =
      """
      CREATE TABLE @node (
        id text COLLATE "C" PRIMARY KEY,
        epoch bigint NOT NULL,
        place bigint NOT NULL,
        expires timestamptz NOT NULL,
        holder text NOT NULL
      ) WITH (fillfactor = 10);

      CREATE TABLE @run (
        number bigint NOT NULL PRIMARY KEY,
        id text COLLATE "C" NOT NULL,
        namespace text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        version text COLLATE "C" NOT NULL,
        started_at bigint NOT NULL,
        priority int NOT NULL,
        status int NOT NULL,
        ended_at bigint,
        wake_at bigint,
        wake text NOT NULL,
        checkpoint int NOT NULL,
        parent bigint,
        abandon int NOT NULL,
        events_from bigint NOT NULL
      ) PARTITION BY RANGE (number);
      CREATE INDEX run_open ON @run (status, number) WHERE status < 4;
      CREATE INDEX run_wake ON @run (wake_at, number) WHERE wake_at IS NOT NULL;
      CREATE INDEX run_parent ON @run (parent, status) WHERE parent IS NOT NULL;

      CREATE TABLE @journal (
        run bigint NOT NULL,
        sequence int NOT NULL,
        frame bytea NOT NULL,
        PRIMARY KEY (run, sequence)
      ) PARTITION BY RANGE (run);

      CREATE TABLE @attribute (
        run bigint NOT NULL,
        name text COLLATE "C" NOT NULL,
        value text COLLATE "C" NOT NULL,
        PRIMARY KEY (run, name)
      ) PARTITION BY RANGE (run);
      CREATE INDEX attribute_value ON @attribute (name, value, run);

      CREATE TABLE @incident (
        id bigint NOT NULL,
        run bigint NOT NULL,
        kind text NOT NULL,
        summary text NOT NULL,
        details text NOT NULL,
        opened_at bigint NOT NULL,
        open int NOT NULL,
        PRIMARY KEY (run, id)
      ) PARTITION BY RANGE (run);
      CREATE INDEX incident_id ON @incident (id);

      CREATE TABLE @event_taken (
        run bigint NOT NULL,
        event bigint NOT NULL,
        PRIMARY KEY (run, event)
      ) PARTITION BY RANGE (run);

      CREATE TABLE @event (
        number bigint PRIMARY KEY,
        run bigint,
        source text COLLATE "C" NOT NULL,
        id text COLLATE "C" NOT NULL,
        type text COLLATE "C" NOT NULL,
        payload bytea NOT NULL,
        at bigint NOT NULL,
        UNIQUE (source, id)
      );
      CREATE INDEX event_type ON @event (type, number) WHERE run IS NULL;
      CREATE INDEX event_run ON @event (run, type, number) WHERE run IS NOT NULL;

      CREATE TABLE @event_log (last bigint NOT NULL) WITH (fillfactor = 10);
      INSERT INTO @event_log (last) VALUES (0);

      CREATE TABLE @listener (
        run bigint NOT NULL,
        type text COLLATE "C" NOT NULL,
        condition bytea NOT NULL,
        seen bigint NOT NULL
      );
      CREATE INDEX listener_type ON @listener (type, run);
      CREATE INDEX listener_run ON @listener (run);

      CREATE TABLE @blob (
        hash text COLLATE "C" PRIMARY KEY,
        content bytea NOT NULL
      );

      CREATE TABLE @definition (
        namespace text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        version text COLLATE "C" NOT NULL,
        source text NOT NULL,
        deployed_at bigint NOT NULL,
        PRIMARY KEY (namespace, name, version)
      );

      CREATE TABLE @resource (
        namespace text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        version text COLLATE "C" NOT NULL,
        uri text COLLATE "C" NOT NULL,
        hash text COLLATE "C" NOT NULL,
        PRIMARY KEY (namespace, name, version, uri)
      );

      CREATE TABLE @schedule (
        namespace text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        version text NOT NULL,
        anchor bigint NOT NULL,
        next bigint,
        seen bigint NOT NULL,
        last_run text,
        paused int NOT NULL,
        state bytea NOT NULL,
        PRIMARY KEY (namespace, name)
      );
      """;

  private static final String PLACES =
      """
      CREATE TABLE @place (
        name text COLLATE "C" PRIMARY KEY,
        next bigint NOT NULL
      ) WITH (fillfactor = 10);
      """;

  private static final String SEARCH =
      """
      CREATE INDEX run_status ON @run (status, number);
      DROP INDEX @run_open;
      CREATE INDEX run_workflow ON @run (name, status, number);
      """;

  private static final String INCIDENTS =
      """
      CREATE INDEX incident_open ON @incident (id) WHERE open = 1;
      """;

  /// Several nodes. What was open belongs to nobody: whoever comes first takes it over.
  private static final String NODES =
      """
      DROP TABLE @node;
      CREATE TABLE @node (
        epoch bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
        slot int NOT NULL,
        place bigint NOT NULL,
        expires timestamptz NOT NULL,
        gone int NOT NULL,
        name text NOT NULL
      ) WITH (fillfactor = 10);
      INSERT INTO @node (epoch, slot, place, expires, gone, name)
      VALUES (0, 0, 0, clock_timestamp(), 1, 'nobody');

      ALTER TABLE @run ADD COLUMN owner bigint NOT NULL DEFAULT 0;
      CREATE INDEX run_owner ON @run (owner, wake_at, number) WHERE status < 4;
      DROP INDEX @run_wake;

      CREATE TABLE @deployment (number bigint NOT NULL) WITH (fillfactor = 10);
      INSERT INTO @deployment (number) VALUES (0);

      CREATE TABLE @ask (
        number bigint PRIMARY KEY,
        run bigint NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL,
        at bigint NOT NULL
      );
      """;

  private static final String ACCESS =
      """
      CREATE TABLE @api_key (
        id text COLLATE "C" PRIMARY KEY,
        name text NOT NULL,
        hash text NOT NULL,
        grants text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint,
        used_at bigint,
        revoked_at bigint
      );

      CREATE TABLE @audit (
        number bigint PRIMARY KEY,
        text text NOT NULL,
        hash text NOT NULL
      );

      CREATE TABLE @audit_end (
        number bigint NOT NULL,
        hash text NOT NULL
      ) WITH (fillfactor = 10);
      INSERT INTO @audit_end (number, hash)
      VALUES (0, '0000000000000000000000000000000000000000000000000000000000000000');
      """;

  /// What a node tells of itself; of those there are when it comes nobody knows when they began.
  private static final String CONDITIONS =
      """
      ALTER TABLE @node
        ADD COLUMN started timestamptz NOT NULL DEFAULT clock_timestamp(),
        ADD COLUMN median bigint,
        ADD COLUMN slowest bigint,
        ADD COLUMN queued int;
      """;

  private static final String TAKERS =
      """
      CREATE INDEX event_taken_by ON @event_taken (event);
      """;

  private static final String SESSIONS =
      """
      CREATE TABLE @session (
        hash text COLLATE "C" PRIMARY KEY,
        holder text NOT NULL,
        until bigint NOT NULL
      );
      """;

  private static final List<String> MIGRATIONS =
      List.of(FIRST, PLACES, SEARCH, INCIDENTS, ACCESS, NODES, CONDITIONS, TAKERS, SESSIONS);

  private static final String VERSION = "SELECT COALESCE(MAX(version), 0) FROM @migration";

  /// Serializes all that changes tables. It ends with the transaction, so that a pooler may share
  /// the connection.
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('skein/' || ?, 0))::text";

  private PostgresSchema() {}

  /// Brings the store to the newest version, in one transaction: of two nodes that start at once
  /// the second finds everything done.
  ///
  /// @throws StoreException `UNREADABLE` if a newer Skein wrote the store, or the role may not
  static void migrate(Sql sql, String schema) {
    sql.transaction(() -> {
      lock(sql, schema);
      if (!exists(sql, schema)) {
        create(sql, schema);
      }
      sql.script(
          "CREATE TABLE IF NOT EXISTS @migration (version int PRIMARY KEY, at timestamptz NOT NULL)");
      int version = version(sql);
      refuseNewer(version);
      for (int next = version; next < MIGRATIONS.size(); next++) {
        sql.script(MIGRATIONS.get(next));
        sql.execute("INSERT INTO @migration (version, at) VALUES (?, now())", next + 1);
      }
      return true;
    });
  }

  /// @throws StoreException `UNREADABLE` if there is no store that this Skein can read
  static void check(Sql sql, String schema) {
    int version = version(sql, schema);
    refuseNewer(version);
    if (version < MIGRATIONS.size()) {
      throw new StoreException(
          Code.UNREADABLE,
          "there is no Skein data of this version in the schema "
              + schema
              + "; open it once for running workflows");
    }
  }

  /// 0 if there are no tables.
  static int version(Sql sql, String schema) {
    Long tables =
        sql.first(
            "SELECT count(*) FROM pg_tables WHERE schemaname = ? AND tablename = 'migration'",
            row -> row.getLong(1),
            schema);
    return tables == null || tables == 0 ? 0 : version(sql);
  }

  /// The version that this program brings a store to.
  static int newest() {
    return MIGRATIONS.size();
  }

  static void lock(Sql sql, String schema) {
    sql.query(LOCK, row -> true, schema);
  }

  private static int version(Sql sql) {
    Integer version = sql.first(VERSION, row -> row.getInt(1));
    return version == null ? 0 : version;
  }

  private static void refuseNewer(int version) {
    if (version > MIGRATIONS.size()) {
      throw new StoreException(
          Code.UNREADABLE,
          "a newer Skein wrote this store (version %d, this one knows %d); use that one"
              .formatted(version, MIGRATIONS.size()));
    }
  }

  /// A role that may make no schema is refused even if the schema is there: so it is looked for.
  private static boolean exists(Sql sql, String schema) {
    return !sql.query("SELECT 1 FROM pg_namespace WHERE nspname = ?", row -> row.getInt(1), schema)
        .isEmpty();
  }

  private static void create(Sql sql, String schema) {
    try {
      sql.script("CREATE SCHEMA \"" + schema + "\"");
    } catch (StoreException e) {
      throw new StoreException(
          Code.UNREADABLE,
          "the schema %s is not there and cannot be made; let an administrator run: CREATE SCHEMA %s AUTHORIZATION …"
              .formatted(schema, schema),
          e);
    }
  }
}
