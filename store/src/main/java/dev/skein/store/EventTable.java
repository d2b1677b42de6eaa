package dev.skein.store;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log of events, and which run has taken which.
final class EventTable {
  private static final String COLUMNS = "number, run, source, id, type, payload, at";

  private static final String INSERT =
      """
      INSERT INTO @event (run, source, id, type, payload, at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (source, id) DO NOTHING\
      """;

  private static final String LAST = "SELECT COALESCE(MAX(number), 0) FROM @event";

  private static final String NOT_TAKEN =
      """
       AND NOT EXISTS
         (SELECT 1 FROM @event_taken t WHERE t.run = ? AND t.event = event.number)\
      """;

  private static final String SENT =
      "SELECT " + COLUMNS + " FROM @event WHERE run = ? AND number > ?";

  private static final String PUBLISHED =
      "SELECT "
          + COLUMNS
          + " FROM @event WHERE run IS NULL AND number > GREATEST(?,"
          + " (SELECT events_from FROM @run WHERE run.number = ?))";

  private EventTable() {}

  static void insert(Sql sql, Event event) {
    sql.execute(
        INSERT,
        event.run(),
        event.source(),
        event.id(),
        event.type(),
        event.payload().bytes(),
        event.at());
  }

  static void take(Sql sql, long run, long event) {
    sql.execute("INSERT INTO @event_taken (run, event) VALUES (?, ?)", run, event);
  }

  static long last(Sql sql) {
    Long last = sql.first(LAST, row -> row.getLong(1));
    return last == null ? 0 : last;
  }

  static List<Event> after(Sql sql, long number, int limit) {
    return sql.query(
        "SELECT " + COLUMNS + " FROM @event WHERE number > ? ORDER BY number LIMIT ?",
        EventTable::event,
        number,
        limit);
  }

  /// Ids of the runs that have taken it.
  static List<String> takers(Sql sql, long event, int limit) {
    return sql.query(
        "SELECT run.id FROM @event_taken t JOIN @run ON run.number = t.run WHERE t.event = ?"
            + " ORDER BY run.number LIMIT ?",
        row -> row.getString(1),
        event,
        limit);
  }

  static List<Event> forRun(Sql sql, long run, @Nullable String type, long after, int limit) {
    String ofType = type == null ? "" : " AND type = ?";
    var arguments = new ArrayList<@Nullable Object>(List.of(run, after));
    bindRest(arguments, type, run);
    arguments.add(after);
    arguments.add(run);
    bindRest(arguments, type, run);
    arguments.add(limit);
    return sql.query(
        SENT
            + ofType
            + NOT_TAKEN
            + " UNION ALL "
            + PUBLISHED
            + ofType
            + NOT_TAKEN
            + " ORDER BY number LIMIT ?",
        EventTable::event,
        arguments.toArray());
  }

  private static void bindRest(List<@Nullable Object> arguments, @Nullable String type, long run) {
    if (type != null) {
      arguments.add(type);
    }
    arguments.add(run);
  }

  private static Event event(ResultSet row) throws SQLException {
    long run = row.getLong(2);
    boolean forAll = row.wasNull();
    return new Event(
        row.getLong(1),
        forAll ? null : run,
        row.getString(3),
        row.getString(4),
        row.getString(5),
        Payload.of(row.getBytes(6)),
        Sql.instant(row.getLong(7)));
  }
}
