package dev.skein.store;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Membership;
import dev.skein.kernel.store.Node;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store in a schema of a PostgreSQL database, 14 or newer, which any number of nodes may share:
/// one connection writes, one renews the lease, a few read. All of them keep nothing in their
/// sessions and may come through a pooler that shares connections by the transaction; one more
/// hears of other nodes, if it can. A database that is away is waited for.
public final class PostgresStore extends JdbcStore {
  private static final int READERS = 4;
  private static final int FAREWELL_SECONDS = 5;

  private final @Nullable PostgresWriter writer;
  private final Membership membership;
  private final BlockingQueue<Link> readers = new ArrayBlockingQueue<>(READERS);

  /// Threads of the system's: interrupting a virtual thread would cut its connection.
  private final ExecutorService reading =
      Executors.newFixedThreadPool(
          READERS, Thread.ofPlatform().name("skein-store-reader-", 0).daemon().factory());

  private PostgresStore(PostgresUrl url, boolean readOnly) {
    if (readOnly) {
      try (Link first = new Link(url)) {
        first.once(sql -> {
          PostgresSchema.check(sql, url.schema());
          return true;
        });
      }
      this.writer = null;
    } else {
      this.writer = new PostgresWriter(url, new Link(url), new Link(url));
    }
    this.membership = writer == null ? Membership.ALONE : new PostgresMembership(this, writer);
    for (int i = 0; i < READERS; i++) {
      readers.add(new Link(url));
    }
  }

  /// Opens, or makes, the store and joins the nodes that share it.
  ///
  /// @param url as [PostgresUrl] reads it
  /// @throws StoreException `UNREADABLE` if the database refuses
  public static PostgresStore open(String url) {
    return new PostgresStore(PostgresUrl.parse(url), false);
  }

  /// Opens the store for looking only, without being a node.
  ///
  /// @throws StoreException `UNREADABLE` if there is none
  public static PostgresStore openToRead(String url) {
    return new PostgresStore(PostgresUrl.parse(url), true);
  }

  @Override
  public Membership membership() {
    return membership;
  }

  @Override
  public List<Node> nodes() {
    return read(NodeTable::all);
  }

  @Override
  public @Nullable String owner(long run) {
    return this.<@Nullable String>read(sql -> NodeTable.owner(sql, run));
  }

  @Override
  @Nullable Long owner() {
    return writer == null ? null : writer.epoch();
  }

  /// The database's clock, by which nodes agree on the time.
  public InstantSource time() {
    return writing().time();
  }

  @Override
  public void commit(List<Change> changes) {
    writing().commit(changes);
  }

  private PostgresWriter writing() {
    if (writer == null) {
      throw new StoreException(Code.UNREADABLE, "this store was opened for looking only");
    }
    return writer;
  }

  /// An id that was made from a number leads to its week; for others all weeks are asked.
  @Override
  public @Nullable RunRow run(String id) {
    OptionalLong number = RunNumbers.number(id);
    RunRow numbered = number.isPresent() ? run(number.getAsLong()) : null;
    return numbered != null && numbered.id().equals(id) ? numbered : super.run(id);
  }

  /// Drops the history of each week that was over before then, if its runs have all ended before
  /// then, and returns how many weeks those were. Events, definitions and payloads that lie aside
  /// stay.
  public int dropHistory(Instant endedBefore) {
    return writing().dropHistory(endedBefore);
  }

  @Override
  <T extends @Nullable Object> T read(Function<Sql, T> query) {
    try {
      return reading.submit(() -> answer(query)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Code.FAILED, "interrupted while reading the store", e);
    } catch (RejectedExecutionException e) {
      throw new StoreException(Code.CLOSED, "the store is closed", e);
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  private <T extends @Nullable Object> T answer(Function<Sql, T> query)
      throws InterruptedException {
    Link link = readers.take();
    try {
      return link.call(query);
    } finally {
      readers.add(link);
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException failure -> failure;
      case Error error -> throw error;
      case null, default -> new StoreException(Code.FAILED, "the store failed: " + e, e);
    };
  }

  @Override
  public void close() {
    reading.shutdownNow(); // who waits for the database gives up
    if (writer != null) {
      writer.close();
    }
    try {
      reading.awaitTermination(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    readers.forEach(Link::close);
  }
}
