package dev.skein.kernel;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Changes that nobody waits for. They cost no commit of their own: they ride in front of the next
/// one, whatever it is for, and if none comes soon they go alone. Thread-safe.
final class Riders implements Committer.Source {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(20);

  private final Clock clock;
  private final Committer committer;
  private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isAlarmSet = new AtomicBoolean();

  Riders(Clock clock, Committer committer) {
    this.clock = clock;
    this.committer = committer;
  }

  void add(List<Change> changes) {
    waiting.addAll(changes);
    if (isAlarmSet.compareAndSet(false, true)) {
      var _ = clock.at(clock.now().plus(LONGEST_WAIT), this::goAlone);
    }
  }

  private void goAlone() {
    isAlarmSet.set(false);
    committer.enqueue(this);
  }

  @Override
  public long drain(List<Change> commit) {
    for (Change next = waiting.poll(); next != null; next = waiting.poll()) {
      commit.add(next);
    }
    return 0;
  }

  @Override
  public void committed(long ticket) {}

  @Override
  public void failed(StoreException cause) {}
}
