package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The pace of several processes. One thread takes places for all that wait at that moment, so the
/// more there are the less each costs, and none is taken that nobody wants. Thread-safe: its lock
/// guards the places taken.
public final class SharedPace implements Pace {
  private static final int MOST_AT_ONCE = 1_000;

  private final String name;
  private final Policy.RateLimit limit;
  private final Places places;
  private final Timeline time;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger waiting = new AtomicInteger();
  private int left;
  private long lastNanos;

  /// @param name of the limit, the same in all processes
  public SharedPace(String name, Policy.RateLimit limit, Places places, Timeline time) {
    this.name = name;
    this.limit = limit;
    this.places = places;
    this.time = time;
  }

  @Override
  public @Nullable Duration take() throws InterruptedException {
    waiting.incrementAndGet();
    try {
      lock.lockInterruptibly();
    } finally {
      waiting.decrementAndGet();
    }
    try {
      forgetPast();
      return left == 0 && !fetch() ? null : next();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean tryTake() throws InterruptedException {
    return places.tryTake(name, limit);
  }

  /// How many wait for places to be taken.
  int waiting() {
    return waiting.get();
  }

  /// Those whose turn passed unused: together with the next ones they would be a crowd.
  private void forgetPast() {
    long behind = time.nanos() - lastNanos - limit.tolerance().toNanos();
    if (left > 0 && behind > 0) {
      left = 0;
    }
  }

  private boolean fetch() throws InterruptedException {
    int wanted = Math.min(1 + waiting.get(), MOST_AT_ONCE);
    Duration wait = places.take(name, limit, wanted);
    if (wait == null) {
      return false;
    }
    lastNanos = time.nanos() + wait.toNanos();
    left = wanted;
    return true;
  }

  private Duration next() {
    left--;
    long placeNanos = lastNanos - left * limit.spacing().toNanos();
    return Duration.ofNanos(Math.max(0, placeNanos - time.nanos()));
  }
}
