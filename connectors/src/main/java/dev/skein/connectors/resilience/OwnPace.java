package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import java.time.Duration;

/// The pace of one process. Thread-safe.
public final class OwnPace implements Pace {
  private final long spacingNanos;
  private final long toleranceNanos;
  private final Timeline time;
  private long nextNanos;

  public OwnPace(Policy.RateLimit limit, Timeline time) {
    this.spacingNanos = limit.spacing().toNanos();
    this.toleranceNanos = limit.tolerance().toNanos();
    this.time = time;
    this.nextNanos = time.nanos();
  }

  @Override
  public synchronized Duration take() {
    long wait = waitNanos();
    nextNanos += spacingNanos;
    return Duration.ofNanos(wait);
  }

  @Override
  public synchronized boolean tryTake() {
    if (waitNanos() > 0) {
      return false;
    }
    nextNanos += spacingNanos;
    return true;
  }

  /// What became of a call that may not wait.
  ///
  /// @param taken whether there was a place for it
  /// @param left how many more may come now
  /// @param next until the next may come; zero if it may now
  /// @param full until a whole burst may come again
  public record Offer(boolean taken, int left, Duration next, Duration full) {}

  /// Takes a place if it is free now, and tells how the others are.
  public synchronized Offer offer() {
    boolean taken = tryTake();
    long wait = waitNanos();
    long ahead = nextNanos - time.nanos();
    int left = wait > 0 ? 0 : (int) ((toleranceNanos - Math.max(0, ahead)) / spacingNanos) + 1;
    return new Offer(taken, left, Duration.ofNanos(wait), Duration.ofNanos(Math.max(0, ahead)));
  }

  private long waitNanos() {
    long now = time.nanos();
    nextNanos = Math.max(nextNanos, now);
    return Math.max(0, nextNanos - toleranceNanos - now);
  }
}
