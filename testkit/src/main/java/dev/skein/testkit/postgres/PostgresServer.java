package dev.skein.testkit.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// A PostgreSQL server of the tests' own, on a free port, with its data under the build directory.
/// Stores in it belong to a role that may do nothing but own their schema.
public final class PostgresServer implements AutoCloseable {
  private static final String ROLE = "skein";
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final Path data;
  private final boolean once;
  private EmbeddedPostgres server;

  /// @param once it is not started again, and deletes its data when it stops
  private PostgresServer(boolean once) {
    this.once = once;
    try {
      this.data =
          Unprivileged.isNeeded()
              ? Unprivileged.folder()
              : Files.createTempDirectory(Files.createDirectories(Path.of("target")), "postgres-");
      this.server = started(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    admin("CREATE ROLE " + ROLE + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD 'geese'");
  }

  private static final class Shared {
    private static final PostgresServer SERVER = new PostgresServer(true);
  }

  /// The one of this process; it ends with it.
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  /// One of its own, that can be stopped and started again.
  public static PostgresServer start() {
    return new PostgresServer(false);
  }

  private EmbeddedPostgres started(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(once).setPort(port);
    if (Unprivileged.isNeeded()) {
      builder.setOverrideWorkingDirectory(Unprivileged.programs().toFile());
    }
    return builder.start();
  }

  /// Where a new, empty store is: its schema is there and belongs to the role, and nothing else.
  public String newStore() {
    String schema = "store_" + SCHEMAS.incrementAndGet();
    admin("CREATE SCHEMA " + schema + " AUTHORIZATION " + ROLE);
    return url(schema);
  }

  /// The address of the store in a schema, for the role.
  public String url(String schema) {
    return server.getJdbcUrl(ROLE, "postgres") + "&password=geese&schema=" + schema;
  }

  public int port() {
    return server.getPort();
  }

  /// For administrators.
  public DataSource database() {
    return server.getPostgresDatabase();
  }

  /// Executes a statement as the administrator.
  public void admin(String sql) {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// Stops the server as an operator would, cutting every connection.
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts it again, on the same port with the same data.
  public void startAgain() {
    try {
      server = started(server.getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
    if (once) {
      return;
    }
    try (Stream<Path> inside = Files.walk(data)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
