package dev.skein.bench;

import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.store.PostgresStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs of ten steps on a PostgreSQL server, beside the rows that the same server takes in from one
/// connection. Measured only if an address is given.
final class Postgres implements Figure {
  private static final int STEPS = 10;
  private static final int CLIENTS = 256;
  private static final int ROWS = 100;
  private static final int FRAME_BYTES = 300;
  private static final int ROUNDS = 3;
  private static final double LEAST_STEPS_PER_SECOND = 10_000;
  private static final Payload OUTPUT = Payload.of("{\"ok\":true}");

  @Override
  public String label() {
    return "postgres";
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    String url = settings.postgres();
    if (url == null) {
      return List.of();
    }
    Workflow workflow =
        (context, _) -> {
          for (int i = 0; i < STEPS; i++) {
            context.step("step", _ -> OUTPUT);
          }
          return OUTPUT;
        };
    double rows = rowsPerSecond(url, settings);
    Load alone;
    Load load;
    try (var bench = new Bench(PostgresStore.open(url), workflow)) {
      var second = Duration.ofSeconds(settings.pick(5, 1));
      alone = Load.apply(1, second, second, ROUNDS, bench::runToEnd);
      var round = Duration.ofSeconds(settings.pick(10, 3));
      load = Load.apply(CLIENTS, round, round, ROUNDS, bench::runToEnd);
    }
    double steps = load.perSecond() * STEPS;
    return List.of(
        Line.note(
            "ten steps on PostgreSQL, 1 client, p50", Settings.text("%.2f ms", alone.millis(50))),
        new Line(
            "ten steps on PostgreSQL, 256 clients",
            Settings.text("%,.0f steps/s", steps),
            Settings.text("%,.0f rows/s by unnest of %d", rows, ROWS),
            Settings.text("%.2f", steps / rows),
            Settings.text("at least %,.0f", LEAST_STEPS_PER_SECOND),
            steps >= LEAST_STEPS_PER_SECOND ? "yes" : "NO"),
        Line.note("ten steps on PostgreSQL, 256 clients, a run", load.latency()));
  }

  private static double rowsPerSecond(String url, Settings settings) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS skein_bench");
      statement.execute("DROP TABLE IF EXISTS skein_bench.frame");
      statement.execute(
          "CREATE TABLE skein_bench.frame (run bigint, sequence int, frame bytea,"
              + " PRIMARY KEY (run, sequence))");
      try {
        return rowsPerSecond(connection, settings);
      } finally {
        statement.execute("DROP SCHEMA skein_bench CASCADE");
      }
    }
  }

  private static double rowsPerSecond(Connection connection, Settings settings)
      throws SQLException {
    double[] rates = new double[ROUNDS];
    long run = 0;
    insert(connection, run++, TimeUnit.SECONDS.toNanos(1));
    for (int i = 0; i < ROUNDS; i++) {
      rates[i] = insert(connection, run++, TimeUnit.SECONDS.toNanos(settings.pick(5, 1)));
    }
    Arrays.sort(rates);
    return rates[ROUNDS / 2];
  }

  private static double insert(Connection connection, long run, long nanos) throws SQLException {
    var runs = new Long[ROWS];
    var sequences = new Integer[ROWS];
    var frames = new byte[ROWS][FRAME_BYTES];
    Arrays.fill(runs, run);
    long began = System.nanoTime();
    int written = 0;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO skein_bench.frame SELECT * FROM unnest(?::int8[], ?::int4[], ?::bytea[])")) {
      while (System.nanoTime() - began < nanos) {
        for (int i = 0; i < ROWS; i++) {
          sequences[i] = written++;
        }
        insert.setArray(1, connection.createArrayOf("int8", runs));
        insert.setArray(2, connection.createArrayOf("int4", sequences));
        insert.setArray(3, connection.createArrayOf("bytea", frames));
        insert.executeUpdate();
      }
    }
    return written / ((System.nanoTime() - began) / 1e9);
  }
}
