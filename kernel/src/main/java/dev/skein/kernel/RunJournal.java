package dev.skein.kernel;

import dev.skein.kernel.Unwinding.Leaving;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The writing end of a run's journal: entries go in one by one, commits take out all there is.
/// Owned by the run's lock, which the committing thread takes to drain and to report.
final class RunJournal implements Committer.Source {
  private static final int LARGEST_OUTBOX = 2_000;

  private final Tenure tenure;
  private final ReentrantLock lock;
  private final Condition durableMoved;
  private final Outbox outbox;
  private final Herald herald;
  private final boolean silent;
  private Consumer<StoreException> onFailure = _ -> {};
  private RunRow row;
  private RunRow drained;

  /// Owned by the committing thread.
  private RunStatus told;

  private long ordinal;
  private long durable;
  private boolean queued;
  private boolean created;
  private @Nullable StoreException failure;

  /// @param silent whether nothing that is appended becomes anything
  RunJournal(Tenure tenure, RunRow row, Recorded recorded, ReentrantLock lock, boolean silent) {
    this.tenure = tenure;
    this.silent = silent;
    this.herald = tenure.workflows().herald();
    this.row = row;
    this.drained = row;
    this.told = row.status();
    this.ordinal = recorded.ordinal();
    this.outbox = new Outbox(row.number(), recorded.lastFrame());
    this.lock = lock;
    this.durableMoved = lock.newCondition();
  }

  /// Called with the lock held when the store has failed.
  void onFailure(Consumer<StoreException> action) {
    onFailure = action;
  }

  RunRow row() {
    return row;
  }

  /// How many entries the journal has.
  long ordinal() {
    return ordinal;
  }

  /// Appends and hands to the committer; returns the entry's place in the journal.
  long append(Entry entry) {
    if (!silent && herald.isWanted()) {
      announce(herald.written(row, entry), entry.at());
    }
    return appendAgain(entry);
  }

  /// Appends what nobody needs to hear again.
  long appendAgain(Entry entry) {
    if (!silent) {
      outbox.add(entry, tenure.watched());
      enqueue();
    }
    return ++ordinal;
  }

  private void announce(List<Announcement> events, Instant at) {
    events.forEach(event -> outbox.add(new Change.EventPublished(event.at(at, null))));
  }

  void add(Change change) {
    if (silent) {
      return;
    }
    created |= change instanceof Change.RunCreated c && c.run().number() == row.number();
    outbox.add(change);
    enqueue();
  }

  void progress(RunRow.Progress next) {
    if (silent) {
      row = row.with(next);
      return;
    }
    boolean held = row.status() == RunStatus.SUSPENDED;
    if (held != (next.status() == RunStatus.SUSPENDED) && herald.isWanted()) {
      Instant now = tenure.clock().now();
      announce(herald.became(row, next.status(), now), now);
    }
    row = row.with(next);
    outbox.set(next);
    enqueue();
  }

  private void enqueue() {
    if (!queued) {
      queued = true;
      tenure.committer().enqueue(this);
    }
  }

  /// Waits until all that was appended so far is durable.
  void awaitDurable() {
    long ticket = outbox.appended();
    while (durable < ticket && failure == null) {
      durableMoved.awaitUninterruptibly();
    }
    if (failure != null) {
      throw new Leaving();
    }
  }

  /// Holds back a run that appends faster than its store commits.
  void throttle() {
    if (outbox.waiting() > LARGEST_OUTBOX && failure == null) {
      awaitDurable();
    }
  }

  @Override
  public long drain(List<Change> commit) {
    lock.lock();
    try {
      queued = false;
      int checkpointFrame = outbox.drain(row.progress(), commit);
      row = row.with(Outbox.at(row.progress(), checkpointFrame));
      drained = row;
      return outbox.appended();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void committed(long ticket) {
    tell(); // before anybody who waits for the commit goes on
    lock.lock();
    try {
      durable = ticket;
      durableMoved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tell() {
    if (!tenure.watched()) {
      return;
    }
    List<Entry> watched;
    RunRow durably;
    lock.lock();
    try {
      watched = outbox.takeDrained();
      durably = drained;
    } finally {
      lock.unlock();
    }
    if (durably.status() != told) {
      told = durably.status();
      tenure.tell(durably, List.of());
    }
    if (!watched.isEmpty()) {
      tenure.tell(durably, watched);
    }
  }

  /// Only a run that is not there yet may turn out to be another's.
  @Override
  public boolean mayConflict() {
    lock.lock();
    try {
      return durable == 0 && created;
    } finally {
      lock.unlock();
    }
  }

  /// Why nothing more of it becomes durable; null while it does.
  @Nullable StoreException failure() {
    return failure;
  }

  @Override
  public void failed(StoreException cause) {
    lock.lock();
    try {
      failure = cause;
      onFailure.accept(cause);
      durableMoved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
