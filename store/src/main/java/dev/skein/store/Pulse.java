package dev.skein.store;

import dev.skein.kernel.store.Membership.News;
import dev.skein.kernel.store.Node;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What one look at the store tells a node, which renews its lease by it, and declares gone whoever
/// has not been heard of for the length of theirs.
///
/// @param alive whether its own epoch goes on
/// @param lastEvent the newest one's number
/// @param asks whether any wait for runs of this node
/// @param unowned whether open runs have no owner
/// @param now by the database's clock
/// @param nodes that are alive, itself included
/// @param deployments how often something was deployed or scheduled
/// @param leads whether no older node is alive
record Pulse(
    boolean alive,
    long lastEvent,
    boolean asks,
    boolean unowned,
    Instant now,
    int nodes,
    long deployments,
    boolean leads) {
  /// A node in the midst of a commit is not silent: its row is locked, and passed over.
  private static final String BEAT =
      """
      WITH mine AS (
        UPDATE @node SET expires = clock_timestamp() + ? * interval '1 microsecond',
          queued = ?, median = ?, slowest = ?
        WHERE epoch = ? AND gone = 0 RETURNING 1),
      lapsed AS (
        UPDATE @node SET gone = 1 WHERE epoch IN (
          SELECT epoch FROM @node
          WHERE gone = 0 AND expires < clock_timestamp() AND epoch <> ?
          FOR UPDATE SKIP LOCKED)
        RETURNING 1)
      SELECT (SELECT count(*) FROM mine),
        (SELECT last FROM @event_log),
        EXISTS (SELECT 1 FROM @ask JOIN @run ON run.number = ask.run
          WHERE run.owner = ? OR run.status >= 4),
        EXISTS (SELECT 1 FROM lapsed) OR EXISTS (SELECT 1 FROM @node WHERE gone = 1
          AND EXISTS (SELECT 1 FROM @run WHERE run.owner = node.epoch AND run.status < 4)),
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
        (SELECT count(*) FROM @node WHERE gone = 0),
        (SELECT number FROM @deployment),
        NOT EXISTS (SELECT 1 FROM @node WHERE gone = 0 AND epoch < ?)\
      """;

  /// @param told how the node is, to be kept with its lease
  static Pulse beat(Sql sql, Lease lease, Node.@Nullable Condition told) {
    Pulse pulse =
        sql.first(
            BEAT,
            row ->
                new Pulse(
                    row.getLong(1) == 1,
                    row.getLong(2),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    Sql.instant(row.getLong(5)),
                    row.getInt(6),
                    row.getLong(7),
                    row.getBoolean(8)),
            Lease.micros(lease.length()),
            told == null ? null : told.queued(),
            told == null ? null : micros(told.median()),
            told == null ? null : micros(told.slowest()),
            lease.epoch(),
            lease.epoch(),
            lease.epoch(),
            lease.epoch());
    if (pulse == null) {
      throw new IllegalStateException("a query for one row returned none");
    }
    return pulse;
  }

  private static @Nullable Long micros(@Nullable Duration duration) {
    return duration == null ? null : Lease.micros(duration);
  }

  /// What is new since the one before; null if nothing is.
  ///
  /// @param before null for the first of its epoch
  @Nullable News since(@Nullable Pulse before) {
    var news =
        new News(
            before == null || lastEvent > before.lastEvent,
            asks,
            unowned,
            !alive,
            before == null || deployments > before.deployments,
            alive && leads);
    boolean same = before != null && before.leads == leads;
    boolean nothing = same && alive && !asks && !unowned && !news.events() && !news.redeployed();
    return nothing ? null : news;
  }
}
