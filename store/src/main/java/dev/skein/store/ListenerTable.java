package dev.skein.store;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Listener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What brings a run that has left memory back for an event. A listener for any type has the type
/// ''.
final class ListenerTable {
  private static final String ANY = "";

  private static final String FIND =
      """
      SELECT run, type, condition, seen FROM @listener
      WHERE type IN (?, '') AND (CAST(? AS BIGINT) IS NULL OR run = ?)\
      """;

  private static final String OF_OWNER =
      " AND EXISTS (SELECT 1 FROM @run WHERE run.number = listener.run OWNED)";

  private static final String NEWS =
      """
      SELECT DISTINCT listener.run FROM @listener JOIN @run ON run.number = listener.run
      WHERE listener.run > ? AND run.status = 2 OWNED AND EXISTS
        (SELECT 1 FROM @event
         WHERE event.number > GREATEST(listener.seen, run.events_from)
           AND (listener.type = '' OR event.type = listener.type)
           AND (event.run IS NULL OR event.run = listener.run))
      ORDER BY listener.run LIMIT ?\
      """;

  private ListenerTable() {}

  static void replace(Sql sql, long run, List<Listener> listeners) {
    sql.execute("DELETE FROM @listener WHERE run = ?", run);
    for (Listener listener : listeners) {
      sql.execute(
          "INSERT INTO @listener (run, type, condition, seen) VALUES (?, ?, ?, ?)",
          run,
          stored(listener.type()),
          listener.condition().bytes(),
          listener.seen());
    }
  }

  static String stored(@Nullable String type) {
    return type == null ? ANY : type;
  }

  /// @param owner null where there are no owners; so in what follows
  static List<Listener> of(Sql sql, @Nullable Long owner, String type, @Nullable Long run) {
    return sql.query(
        owner == null ? FIND : FIND + RunTable.owned(OF_OWNER, owner),
        row -> {
          String listened = row.getString(2);
          return new Listener(
              row.getLong(1),
              listened.equals(ANY) ? null : listened,
              Payload.of(row.getBytes(3)),
              row.getLong(4));
        },
        type,
        run,
        run);
  }

  static List<Long> withNews(Sql sql, @Nullable Long owner, long above, int limit) {
    return sql.query(RunTable.owned(NEWS, owner), row -> row.getLong(1), above, limit);
  }
}
