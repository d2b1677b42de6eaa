package dev.skein.kernel;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Node;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one writer of a store. It takes all that is queued, writes it as one transaction, then tells
/// everybody in it; while it writes, the next batch gathers. It never lingers: alone, a step costs
/// one sync, under load one sync serves hundreds.
///
/// A commit that fails stops the committer for good: nothing after it may become durable, since
/// what was told to the runs no longer follows from the journal. Opening the store again, or
/// joining it again under another epoch, is the way back.
///
/// Only a conflict with what another node has written does not: then each source is committed for
/// itself, and those that may meet with a conflict are told of theirs.
final class Committer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final int LARGEST_BATCH = 4_096;

  private final Store store;
  private final CommitTimes times = new CommitTimes();
  private final LinkedBlockingQueue<Source> queue = new LinkedBlockingQueue<>();
  private final Riders riders;
  private final Runnable onEvents;
  private final Runnable onFailure;
  private final Written written;
  private final Thread thread;
  private volatile @Nullable StoreException failure;
  private volatile @Nullable StoreException stopping;
  private volatile boolean closed;

  /// Something with changes to commit. It is queued once, and may be queued again as soon as it was
  /// drained.
  interface Source {
    /// Moves all its changes into the commit and returns a ticket for what has been moved so far.
    long drain(List<Change> commit);

    void committed(long ticket);

    void failed(StoreException cause);

    /// Whether others may write the same just now; of the rest that would be an error.
    default boolean mayConflict() {
      return false;
    }
  }

  /// Is told of each transaction once it is durable.
  @FunctionalInterface
  interface Written {
    void wrote(int changes, Duration took);
  }

  /// What one source gave to a commit.
  private record Part(Source source, long ticket, int from, int to) {
    List<Change> of(List<Change> changes) {
      return changes.subList(from, to);
    }
  }

  /// @param onEvents called after a commit with events in it, before anybody else hears of it
  /// @param onFailure called once, when a commit has failed
  Committer(Store store, Clock clock, Runnable onEvents, Runnable onFailure, Written written) {
    this.store = store;
    this.riders = new Riders(clock, this);
    this.onEvents = onEvents;
    this.onFailure = onFailure;
    this.written = written;
    this.thread = Thread.ofPlatform().name("skein-committer").start(this::run);
  }

  void enqueue(Source source) {
    queue.add(source);
    StoreException broken = failure;
    if (broken != null) {
      source.failed(broken);
    }
  }

  int waiting() {
    return queue.size();
  }

  Node.Condition condition() {
    return new Node.Condition(times.percentile(50), times.percentile(99), waiting());
  }

  @Nullable StoreException failure() {
    return failure;
  }

  /// Commits the changes together with whatever else is queued and returns when they are durable.
  void commit(List<Change> changes) {
    var done = new CompletableFuture<@Nullable Void>();
    enqueue(new Once(changes, done));
    Answers.join(done);
  }

  /// Commits the changes no later than all that is queued from now on.
  void commitSoon(List<Change> changes) {
    riders.add(changes);
  }

  private void run() {
    var sources = new ArrayList<Source>();
    while (true) {
      try {
        sources.clear();
        Source first = closed ? queue.poll() : queue.take();
        if (first == null) {
          commitAll(List.of(riders));
          refuseTheRest();
          return;
        }
        sources.add(first);
        queue.drainTo(sources, LARGEST_BATCH);
      } catch (InterruptedException e) {
        continue; // close() interrupts; what is queued is still committed
      }
      commitAll(sources);
    }
  }

  /// Nobody commits from now on: who comes late must not wait for it.
  private void refuseTheRest() {
    StoreException broken = failure;
    var cause =
        broken == null
            ? new StoreException(StoreException.Code.CLOSED, "the store is closed")
            : broken;
    failure = cause;
    for (Source late = queue.poll(); late != null; late = queue.poll()) {
      late.failed(cause);
    }
  }

  private void commitAll(List<? extends Source> sources) {
    StoreException asked = stopping;
    if (asked != null) {
      stop(asked);
    }
    StoreException broken = failure;
    if (broken != null) {
      sources.forEach(source -> source.failed(broken));
      return;
    }
    var changes = new ArrayList<Change>();
    var parts = new ArrayList<Part>(sources.size() + 1);
    parts.add(drained(riders, changes));
    for (Source source : sources) {
      parts.add(drained(source, changes));
    }
    commitAll(parts, changes);
  }

  private static Part drained(Source source, List<Change> changes) {
    int from = changes.size();
    long ticket = source.drain(changes);
    return new Part(source, ticket, from, changes.size());
  }

  private void commitAll(List<Part> parts, List<Change> changes) {
    StoreException cause = attempt(changes);
    if (cause == null) {
      committed(parts, changes);
    } else if (cause.code() == StoreException.Code.CONFLICT && failure == null) {
      parts.forEach(part -> commitAlone(part, part.of(changes)));
    } else {
      stop(cause);
      parts.forEach(part -> part.source.failed(cause));
    }
  }

  private void commitAlone(Part part, List<Change> changes) {
    StoreException cause = failure == null ? attempt(changes) : failure;
    if (cause == null) {
      committed(List.of(part), changes);
    } else {
      if (cause.code() != StoreException.Code.CONFLICT || !part.source.mayConflict()) {
        stop(cause);
      }
      part.source.failed(cause);
    }
  }

  /// Why it failed; null if it did not.
  private @Nullable StoreException attempt(List<Change> changes) {
    try {
      if (!changes.isEmpty()) {
        long begun = System.nanoTime();
        store.commit(changes);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        times.add(took);
        written.wrote(changes.size(), took);
      }
      return null;
    } catch (RuntimeException e) {
      LOG.debug("commit of {} changes failed", changes.size(), e);
      return e instanceof StoreException s
          ? s
          : new StoreException(StoreException.Code.FAILED, "the store failed: " + e, e);
    }
  }

  private void committed(List<Part> parts, List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.EventPublished) {
        onEvents.run();
        break;
      }
    }
    parts.forEach(part -> part.source.committed(part.ticket));
  }

  /// Nothing more is committed once the commit under way has ended. Until then the store must not
  /// be joined again: that commit would be made in the name of the next epoch.
  void stopSoon(StoreException cause) {
    stopping = cause;
    queue.add(new Once(List.of(), new CompletableFuture<>()));
  }

  /// Nothing more is committed. The first cause stands. Called by the committing thread.
  private void stop(StoreException cause) {
    if (failure == null) {
      failure = cause;
      onFailure.run();
    }
  }

  /// Commits what is queued, then stops.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Once(List<Change> changes, CompletableFuture<@Nullable Void> done)
      implements Source {
    @Override
    public long drain(List<Change> commit) {
      commit.addAll(changes);
      return 0;
    }

    @Override
    public void committed(long ticket) {
      done.complete(null);
    }

    @Override
    public void failed(StoreException cause) {
      done.completeExceptionally(cause);
    }

    @Override
    public boolean mayConflict() {
      return true;
    }
  }
}
