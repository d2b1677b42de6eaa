package dev.skein.store;

import dev.skein.kernel.store.RunNumbers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The weeks that the tables of runs are partitioned into. A run lies in the week its number says
/// it began in, with all its history, so that a week whose runs have all ended can be dropped
/// whole; an open run holds its own week and no other. Guarded by the writer's lock.
final class Periods {
  private static final Duration LENGTH = Duration.ofDays(7);
  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

  /// Nodes agree on the time better than this.
  private static final Duration TURN = Duration.ofMinutes(1);

  /// Partitions are there this long before they are needed.
  private static final Duration AHEAD = LENGTH.multipliedBy(3);

  /// The tables whose rows belong to a run; the run's own is the last that goes.
  private static final List<String> TABLES =
      List.of("journal", "attribute", "incident", "event_taken", "run");

  private static final String THERE =
      "SELECT tablename FROM pg_tables WHERE schemaname = ? AND tablename ~ '^run_[0-9]{8}$'"
          + " ORDER BY tablename";

  /// A commit waits for a drop; a drop that cannot have its lock soon is tried again later.
  private static final String BRIEFLY = "SET LOCAL lock_timeout = '2s'";

  private final String schema;
  private final Set<LocalDate> made = new HashSet<>();

  Periods(String schema) {
    this.schema = schema;
  }

  /// Makes what is missing for runs of these numbers.
  void make(Sql sql, Iterable<Long> runs) {
    for (long run : runs) {
      LocalDate week = week(RunNumbers.startOf(run));
      if (!made.contains(week)) {
        make(sql, week);
      }
    }
  }

  /// Makes those that runs will need soon.
  void makeAhead(Sql sql, Instant now) {
    for (Instant at = now; !at.isAfter(now.plus(AHEAD)); at = at.plus(LENGTH)) {
      make(sql, List.of(RunNumbers.firstAt(at)));
    }
  }

  /// The Monday it lies in the week of.
  private static LocalDate week(Instant instant) {
    LocalDate day = instant.atZone(ZoneOffset.UTC).toLocalDate();
    return day.minusDays(day.getDayOfWeek().getValue() - 1);
  }

  /// Whether another node that starts a run at the same moment may put it into another week.
  static boolean isTurn(long run) {
    Instant at = RunNumbers.startOf(run);
    return !week(at.minus(TURN)).equals(week(at.plus(TURN)));
  }

  private static long first(LocalDate week) {
    return RunNumbers.firstAt(week.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private void make(Sql sql, LocalDate week) {
    sql.transaction(() -> {
      PostgresSchema.lock(sql, schema);
      if (!there(sql).contains(week)) {
        TABLES.forEach(table -> sql.script(newPartition(table, week)));
        sql.script("CREATE UNIQUE INDEX ON @%s (id)".formatted(name("run", week)));
      }
      return true;
    });
    made.add(week);
  }

  private static String newPartition(String table, LocalDate week) {
    return """
    CREATE TABLE @%1$s (LIKE @%2$s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
    ALTER TABLE @%2$s ATTACH PARTITION @%1$s FOR VALUES FROM (%3$d) TO (%4$d)\
    """
        .formatted(name(table, week), table, first(week), first(next(week)));
  }

  private static LocalDate next(LocalDate week) {
    return week.plusDays(LENGTH.toDays());
  }

  private List<LocalDate> there(Sql sql) {
    return sql.query(THERE, row -> LocalDate.parse(row.getString(1).substring(4), DAY), schema);
  }

  private static String name(String table, LocalDate week) {
    return table + "_" + DAY.format(week);
  }

  /// Drops every week that was over before the horizon and that nobody needs, with all the history
  /// of its runs, and says how many that were.
  int drop(Sql sql, Instant horizon) {
    int dropped = 0;
    for (LocalDate week : there(sql)) {
      boolean over = !next(week).atStartOfDay(ZoneOffset.UTC).toInstant().isAfter(horizon);
      if (over && drop(sql, week, horizon)) {
        made.remove(week);
        dropped++;
      }
    }
    return dropped;
  }

  private boolean drop(Sql sql, LocalDate week, Instant horizon) {
    return sql.transaction(() -> {
      PostgresSchema.lock(sql, schema);
      if (isNeeded(sql, week, horizon)) {
        return false;
      }
      sql.script(BRIEFLY);
      TABLES.forEach(table -> sql.script("DROP TABLE IF EXISTS @" + name(table, week)));
      return true;
    });
  }

  /// Whether anybody still needs the week: a run in it, or an open one that was started by one in
  /// it.
  private static boolean isNeeded(Sql sql, LocalDate week, Instant horizon) {
    String needed =
        """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM @%s WHERE status < 4 OR ended_at >= ?)
          OR EXISTS (SELECT 1 FROM @run WHERE status < 4 AND parent >= ? AND parent < ?)\
        """
            .formatted(name("run", week));
    return !sql.query(needed, row -> true, horizon, first(week), first(next(week))).isEmpty();
  }
}
