package dev.skein.store;

import static dev.skein.store.Rows.Type.BYTES;
import static dev.skein.store.Rows.Type.INT;
import static dev.skein.store.Rows.Type.NUMBER;
import static dev.skein.store.Rows.Type.TEXT;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.RunRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a whole commit as one statement, hence in one round trip and one transaction: a `WITH`
/// whose first part proves that this process may commit, and whose others insert nothing unless it
/// did.
final class BatchStatement {
  private final long epoch;
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable Object> arguments = new ArrayList<>();
  private @Nullable String channel;

  /// @param epoch that owns the runs from then on
  /// @param proof returns one row or none
  BatchStatement(long epoch, String proof, List<Object> proofArguments) {
    this.epoch = epoch;
    text.append("WITH proof AS (").append(proof).append(")");
    arguments.addAll(proofArguments);
  }

  void add(Batch batch) {
    addEvents(batch);
    addRuns(batch);
    addProgress(batch);
    addFrames(batch);
    addListeners(batch);
    addAttributes(batch);
    addIncidents(batch);
    addAsks(batch);
  }

  /// Rings at the other nodes when it is committed.
  void notifying(String onChannel) {
    channel = onChannel;
  }

  /// Executes it and says whether the proof held, and with it everything else.
  boolean execute(Sql sql) {
    if (channel != null) {
      part("bell", "SELECT pg_notify(?, '')::text AS rung FROM proof", channel);
    }
    String result =
        channel == null
            ? " SELECT count(*) FROM proof"
            : " SELECT (SELECT count(*) FROM proof), (SELECT count(rung) FROM bell)";
    Long proven = sql.first(text + result, row -> row.getLong(1), arguments.toArray());
    return proven != null && proven == 1;
  }

  private void addAsks(Batch batch) {
    if (!batch.asks.isEmpty()) {
      var rows = new Rows(NUMBER, NUMBER, TEXT, TEXT, NUMBER);
      batch.asks.forEach(ask ->
          rows.add(ask.number(), ask.run(), ask.kind().name(), ask.reason(), Sql.micros(ask.at())));
      part(
          "asks",
          "INSERT INTO @ask (number, run, kind, reason, at)"
              + " SELECT u.* FROM proof, ROWS AS u (number, run, kind, reason, at)",
          rows);
    }
    if (!batch.answered.isEmpty()) {
      part(
          "answered",
          "DELETE FROM @ask USING proof WHERE ask.number = ANY (?)",
          Rows.numbers(batch.answered));
    }
  }

  private void part(String name, String sql, Rows rows) {
    part(name, sql.replace("ROWS", rows.unnest()), rows.columns().toArray());
  }

  private void part(String name, String sql, @Nullable Object... values) {
    text.append(",\n").append(name).append(" AS (").append(sql).append(")");
    arguments.addAll(List.of(values));
  }

  /// Numbers come from a row that stays locked until the commit is done: so they become visible in
  /// their order, whoever else commits.
  private void addEvents(Batch batch) {
    if (batch.events.isEmpty()) {
      if (!batch.created.isEmpty()) {
        part("log", "SELECT last AS base FROM @event_log");
      }
      return;
    }
    part(
        "log",
        "UPDATE @event_log SET last = last + ? FROM proof RETURNING last - ? AS base",
        (long) batch.events.size(),
        (long) batch.events.size());
    var rows = new Rows(NUMBER, TEXT, TEXT, TEXT, BYTES, NUMBER);
    for (Event event : batch.events) {
      rows.add(
          event.run(),
          event.source(),
          event.id(),
          event.type(),
          event.payload().bytes(),
          Sql.micros(event.at()));
    }
    part(
        "events",
        """
        INSERT INTO @event (number, run, source, id, type, payload, at)
        SELECT log.base + u.nth, u.run, u.source, u.id, u.type, u.payload, u.at
        FROM log, ROWS WITH ORDINALITY AS u (run, source, id, type, payload, at, nth)
        ORDER BY u.nth
        ON CONFLICT (source, id) DO NOTHING\
        """,
        rows);
  }

  private void addRuns(Batch batch) {
    if (batch.created.isEmpty()) {
      return;
    }
    var rows =
        new Rows(
            NUMBER, TEXT, TEXT, TEXT, TEXT, NUMBER, INT, INT, NUMBER, NUMBER, TEXT, INT, NUMBER,
            INT, NUMBER, NUMBER);
    for (Batch.Created created : batch.created.values()) {
      RunRow run = created.run();
      RunRow.Progress progress = run.progress();
      RunRow.Parent parent = run.parent();
      rows.add(
          run.number(),
          run.id(),
          run.workflow().namespace(),
          run.workflow().name(),
          run.workflow().version(),
          Sql.micros(run.startedAt()),
          run.priority(),
          progress.status().code(),
          micros(progress.endedAt()),
          micros(progress.wakeAt()),
          progress.wake(),
          progress.checkpoint(),
          parent == null ? null : parent.run(),
          parent != null && parent.abandon() ? 1 : 0,
          (long) created.eventsBefore(),
          epoch);
    }
    part(
        "runs",
        """
        INSERT INTO @run (number, id, namespace, name, version, started_at, priority, status,
          ended_at, wake_at, wake, checkpoint, parent, abandon, events_from, owner)
        SELECT u.a, u.b, u.c, u.d, u.e, u.f, u.g, u.h, u.i, u.j, u.k, u.l, u.m, u.n, log.base + u.o,
          u.p
        FROM proof, log, ROWS AS u (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)\
        """,
        rows);
  }

  private static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : Sql.micros(instant);
  }

  private void addProgress(Batch batch) {
    if (batch.progressed.isEmpty()) {
      return;
    }
    var rows = new Rows(NUMBER, INT, NUMBER, NUMBER, TEXT, INT, NUMBER);
    batch.progressed.forEach((run, progress) ->
        rows.add(
            run,
            progress.status().code(),
            micros(progress.endedAt()),
            micros(progress.wakeAt()),
            progress.wake(),
            progress.checkpoint(),
            epoch));
    part(
        "progress",
        """
        UPDATE @run SET status = u.status, ended_at = u.ended_at, wake_at = u.wake_at,
          wake = u.wake, checkpoint = u.checkpoint, owner = u.owner
        FROM proof, ROWS AS u (number, status, ended_at, wake_at, wake, checkpoint, owner)
        WHERE run.number = u.number\
        """,
        rows);
  }

  private void addFrames(Batch batch) {
    if (!batch.frames.isEmpty()) {
      var rows = new Rows(NUMBER, INT, BYTES);
      batch.frames.forEach(frame -> rows.add(frame.run(), frame.sequence(), frame.frame().bytes()));
      part(
          "frames",
          "INSERT INTO @journal (run, sequence, frame)"
              + " SELECT u.* FROM proof, ROWS AS u (run, sequence, frame)",
          rows);
    }
    if (!batch.blobs.isEmpty()) {
      var rows = new Rows(TEXT, BYTES);
      batch.blobs.stream() // in one order, else two nodes could wait for each other
          .sorted(Comparator.comparing(Change.BlobSaved::hash))
          .forEach(blob -> rows.add(blob.hash(), blob.content().bytes()));
      part(
          "blobs",
          "INSERT INTO @blob (hash, content) SELECT u.* FROM proof, ROWS AS u (hash, content)"
              + " ON CONFLICT (hash) DO NOTHING",
          rows);
    }
    if (!batch.taken.isEmpty()) {
      var rows = new Rows(NUMBER, NUMBER);
      batch.taken.forEach(taken -> rows.add(taken.run(), taken.event()));
      part(
          "taken",
          "INSERT INTO @event_taken (run, event) SELECT u.* FROM proof, ROWS AS u (run, event)",
          rows);
    }
  }

  private void addListeners(Batch batch) {
    if (batch.listeners.isEmpty()) {
      return;
    }
    part(
        "unheard",
        "DELETE FROM @listener USING proof WHERE listener.run = ANY (?)",
        Rows.numbers(batch.listeners.keySet()));
    var rows = new Rows(NUMBER, TEXT, BYTES, NUMBER);
    batch
        .listeners
        .values()
        .forEach(
            all -> all.forEach(one -> rows.add(one.run(), type(one), condition(one), one.seen())));
    part(
        "listeners",
        "INSERT INTO @listener (run, type, condition, seen)"
            + " SELECT u.* FROM proof, ROWS AS u (run, type, condition, seen)",
        rows);
  }

  private static String type(Listener listener) {
    return ListenerTable.stored(listener.type());
  }

  private static byte[] condition(Listener listener) {
    return listener.condition().bytes();
  }

  private void addAttributes(Batch batch) {
    if (batch.attributes.isEmpty()) {
      return;
    }
    var rows = new Rows(NUMBER, TEXT, TEXT);
    batch.attributes.forEach((key, value) -> rows.add(key.run(), key.name(), value));
    part(
        "attributes",
        "INSERT INTO @attribute (run, name, value) SELECT u.* FROM proof, ROWS AS u (run, name, value)"
            + " ON CONFLICT (run, name) DO UPDATE SET value = excluded.value",
        rows);
  }

  private void addIncidents(Batch batch) {
    if (!batch.incidentsClosed.isEmpty()) {
      part(
          "closed",
          "UPDATE @incident SET open = 0 FROM proof WHERE incident.run = ANY (?) AND incident.open = 1",
          Rows.numbers(batch.incidentsClosed));
    }
    if (batch.incidents.isEmpty()) {
      return;
    }
    var rows = new Rows(NUMBER, NUMBER, TEXT, TEXT, TEXT, NUMBER, INT);
    for (Batch.Opened opened : batch.incidents) {
      var incident = opened.incident();
      rows.add(
          incident.id(),
          incident.run(),
          incident.kind(),
          incident.summary(),
          incident.details(),
          Sql.micros(incident.openedAt()),
          opened.open() ? 1 : 0);
    }
    part(
        "incidents",
        "INSERT INTO @incident (id, run, kind, summary, details, opened_at, open)"
            + " SELECT u.* FROM proof, ROWS AS u (id, run, kind, summary, details, opened_at, open)",
        rows);
  }
}
