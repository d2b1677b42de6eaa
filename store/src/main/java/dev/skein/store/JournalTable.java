package dev.skein.store;

import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import java.util.List;

/// Frames of all runs in the order of their commits, found by run through an index: appending
/// touches few pages however many runs are under way. Payloads too large for a frame lie aside by
/// hash.
final class JournalTable {
  private static final String FRAMES =
      "SELECT frame FROM @journal WHERE run = ? AND sequence >= ? ORDER BY sequence LIMIT ?";

  private JournalTable() {}

  static void append(Sql sql, long run, int sequence, Payload frame) {
    sql.execute(
        "INSERT INTO @journal (run, sequence, frame) VALUES (?, ?, ?)",
        run,
        sequence,
        frame.bytes());
  }

  static List<Payload> frames(Sql sql, long run, int fromSequence, int limit) {
    return sql.query(FRAMES, row -> Payload.of(row.getBytes(1)), run, fromSequence, limit);
  }

  static void saveBlob(Sql sql, String hash, Payload content) {
    sql.execute(
        "INSERT INTO @blob (hash, content) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
        hash,
        content.bytes());
  }

  static Payload readBlob(Sql sql, String hash) {
    Payload content =
        sql.first(
            "SELECT content FROM @blob WHERE hash = ?", row -> Payload.of(row.getBytes(1)), hash);
    if (content == null) {
      throw new JournalException("the payload " + hash + " is missing from the store");
    }
    if (!EntryCodec.hash(content).equals(hash)) {
      throw new JournalException("the payload " + hash + " is damaged");
    }
    return content;
  }
}
