package dev.skein.store;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Message;
import java.util.List;

/// Mailboxes: messages that no step has taken.
final class MessageTable {
  private static final String MAILED =
      """
      SELECT DISTINCT message.run FROM message JOIN run ON run.number = message.run
      WHERE run.status = 2 AND message.run > ? ORDER BY message.run LIMIT ?\
      """;

  private MessageTable() {}

  static void insert(Sql sql, Message message) {
    sql.execute(
        "INSERT INTO message (id, run, name, payload, sent_at) VALUES (?, ?, ?, ?, ?)",
        message.id(),
        message.run(),
        message.name(),
        message.payload().bytes(),
        message.at());
  }

  static void delete(Sql sql, long id) {
    sql.execute("DELETE FROM message WHERE id = ?", id);
  }

  static List<Message> ofRun(Sql sql, long run) {
    return sql.query(
        "SELECT id, name, payload, sent_at FROM message WHERE run = ? ORDER BY id",
        row ->
            new Message(
                row.getLong(1),
                run,
                row.getString(2),
                Payload.of(row.getBytes(3)),
                Sql.instant(row.getLong(4))),
        run);
  }

  static List<Long> waitingRuns(Sql sql, long above, int limit) {
    return sql.query(MAILED, row -> row.getLong(1), above, limit);
  }
}
