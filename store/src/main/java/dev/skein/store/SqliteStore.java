package dev.skein.store;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/// A store in one SQLite file: one connection writes, a few read. Write-ahead log, synced at every
/// commit.
public final class SqliteStore extends JdbcStore {
  private static final int READERS = 3;
  private static final int BUSY_MILLIS = 5_000;

  /// The log is written back to the file after this many pages. It is then written over from its
  /// start, never cut: rewriting blocks is several times faster than claiming new ones.
  private static final int CHECKPOINT_PAGES = 4_000;

  private static final int CACHE_KIBIBYTES = 16 * 1024;

  private final @Nullable DataDirectory directory;
  private final @Nullable Sql writer;
  private final BlockingQueue<Sql> readers = new ArrayBlockingQueue<>(READERS);

  private SqliteStore(Path file, @Nullable DataDirectory directory) {
    this.directory = directory;
    this.writer = directory == null ? null : writer(file);
    for (int i = 0; i < READERS; i++) {
      readers.add(connect(file, true));
    }
  }

  /// Opens, or makes, the store in the directory, and holds it.
  ///
  /// @throws StoreException `IN_USE` if another process holds it, `DAMAGED` if the file is no store
  public static SqliteStore open(Path directory) {
    DataDirectory held = DataDirectory.hold(directory);
    try {
      return new SqliteStore(DataDirectory.storeFile(directory), held);
    } catch (RuntimeException e) {
      held.close();
      throw e;
    }
  }

  /// Opens the store in the directory for looking only, also while another process holds it.
  ///
  /// @throws StoreException `UNREADABLE` if there is none
  public static SqliteStore openToRead(Path directory) {
    Path file = DataDirectory.storeFile(directory);
    if (!Files.exists(file)) {
      throw new StoreException(
          Code.UNREADABLE,
          "there is no Skein data in " + directory + "; nothing has run there yet");
    }
    return new SqliteStore(file, null);
  }

  private static Sql writer(Path file) {
    Sql sql = connect(file, false);
    return sql.on(connection -> {
      Schema.migrate(connection);
      connection.setAutoCommit(false);
      return sql;
    });
  }

  private static Sql connect(Path file, boolean readOnly) {
    var config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-CACHE_KIBIBYTES);
    config.setGetGeneratedKeys(false); // else the driver asks for a row id after every insert
    String pragma =
        readOnly ? "PRAGMA query_only = true" : "PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES;
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try (var statement = connection.createStatement()) {
        statement.execute(pragma);
      }
      return new Sql(connection, SqliteDialect.SQLITE);
    } catch (SQLException e) {
      throw SqliteDialect.SQLITE.failure(e);
    }
  }

  @Override
  public void commit(List<Change> changes) {
    Sql sql = writer;
    if (sql == null) {
      throw new StoreException(Code.UNREADABLE, "this store was opened for looking only");
    }
    try {
      changes.forEach(change -> apply(sql, change));
      AuditTable.append(sql, audited(changes));
      sql.on(connection -> {
        connection.commit();
        return true;
      });
    } catch (StoreException e) {
      rollback(sql, e);
      throw e;
    }
  }

  private static List<String> audited(List<Change> changes) {
    return changes.stream()
        .filter(Change.Audited.class::isInstance)
        .map(change -> ((Change.Audited) change).text())
        .toList();
  }

  private static void rollback(Sql sql, StoreException cause) {
    try {
      sql.on(connection -> {
        connection.rollback();
        return true;
      });
    } catch (StoreException e) {
      cause.addSuppressed(e); // a full disk may have rolled back already
    }
  }

  private static void apply(Sql sql, Change change) {
    switch (change) {
      case Change.FrameAppended c -> JournalTable.append(sql, c.run(), c.sequence(), c.frame());
      case Change.RunCreated c -> RunTable.insert(sql, c.run());
      case Change.RunProgressed c -> RunTable.update(sql, c.run(), c.progress());
      case Change.RunMoved c -> RunTable.move(sql, c.run(), c.workflow());
      case Change.BlobSaved c -> JournalTable.saveBlob(sql, c.hash(), c.content());
      case Change.EventPublished c -> EventTable.insert(sql, c.event());
      case Change.EventTaken c -> EventTable.take(sql, c.run(), c.event());
      case Change.ListenersSet c -> ListenerTable.replace(sql, c.run(), c.listeners());
      case Change.IncidentOpened c -> IncidentTable.insert(sql, c.incident());
      case Change.IncidentsClosed c -> IncidentTable.closeAll(sql, c.run());
      case Change.AttributesSet c -> AttributeTable.set(sql, c.run(), c.attributes());
      case Change.Asked _, Change.AskAnswered _ ->
          throw new IllegalStateException("one engine owns every run of this store");
      case Change.DefinitionSaved c -> DefinitionTable.save(sql, c.definition());
      case Change.ScheduleSaved c -> ScheduleTable.save(sql, c.schedule());
      case Change.ScheduleMoved c -> ScheduleTable.move(sql, c.schedule());
      case Change.Redeployed _ -> {}
      case Change.ScheduleRemoved c -> ScheduleTable.remove(sql, c.namespace(), c.name());
      case Change.KeySaved c -> KeyTable.save(sql, c.key());
      case Change.SessionBegun c -> SessionTable.begin(sql, c.session(), c.now());
      case Change.SessionEnded c -> SessionTable.end(sql, c.hash());
      case Change.Audited _ -> {} // all of a commit together, see [#commit]
    }
  }

  @Override
  <T extends @Nullable Object> T read(Function<Sql, T> query) {
    Sql sql = null;
    try {
      sql = readers.take();
      return query.apply(sql);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Code.FAILED, "interrupted while waiting to read the store", e);
    } finally {
      if (sql != null) {
        readers.add(sql);
      }
    }
  }

  @Override
  public void close() {
    try {
      readers.forEach(Sql::close);
      if (writer != null) {
        writer.close();
      }
    } finally {
      if (directory != null) {
        directory.close();
      }
    }
  }
}
