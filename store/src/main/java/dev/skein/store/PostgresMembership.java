package dev.skein.store;

import dev.skein.kernel.store.Ask;
import dev.skein.kernel.store.Membership;
import dev.skein.kernel.store.Node;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One node's part in a store on PostgreSQL. Thread-safe.
final class PostgresMembership implements Membership {
  private static final Duration PACE = Duration.ofMillis(100);

  private static final String ADOPT =
      """
      WITH me AS (
        SELECT epoch FROM @node WHERE epoch = ? AND gone = 0 FOR NO KEY UPDATE),
      unowned AS (
        SELECT run.number FROM @run JOIN @node ON node.epoch = run.owner
        WHERE node.gone = 1 AND run.status < 4
        LIMIT ? FOR UPDATE OF run SKIP LOCKED)
      UPDATE @run SET owner = me.epoch FROM me, unowned WHERE run.number = unowned.number
      RETURNING \
      """
          + RunTable.COLUMNS_OF_RUN;

  private final PostgresStore store;
  private final PostgresWriter writer;

  PostgresMembership(PostgresStore store, PostgresWriter writer) {
    this.store = store;
    this.writer = writer;
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public Seat join() {
    return writer.join();
  }

  @Override
  public void listen(Consumer<News> news) {
    writer.listen(news);
  }

  @Override
  public void describe(Supplier<Node.Condition> condition) {
    writer.describe(condition);
  }

  @Override
  public List<RunRow> adopt(long epoch, int limit) {
    return writer.write((sql, _) -> sql.query(ADOPT, RunTable::row, epoch, limit));
  }

  @Override
  public boolean owns(long run) {
    Boolean owned =
        store.<@Nullable Boolean>read(sql ->
            sql.first(
                "SELECT 1 FROM @run WHERE number = ? AND owner = ?",
                _ -> true,
                run,
                writer.epoch()));
    return owned != null;
  }

  @Override
  public List<Ask> asks(int limit) {
    return store.read(sql -> AskTable.of(sql, writer.epoch(), limit));
  }

  @Override
  public List<RunRow> settled(Collection<Long> runs) {
    return store.read(sql -> RunTable.settled(sql, Rows.numbers(runs)));
  }

  @Override
  public Duration pace() {
    return PACE;
  }

  /// @throws StoreException if the database cannot be told; the lease runs out by itself then
  @Override
  public void leave() {
    writer.leave();
  }
}
