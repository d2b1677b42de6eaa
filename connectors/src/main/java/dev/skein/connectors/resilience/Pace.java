package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import java.time.Duration;

/// Spaces calls so that no more than the limit go out in its time, and a burst after a pause: the
/// generic cell rate algorithm (ITU-T I.371), which needs one number. A call that comes too soon is
/// given the next free place. Thread-safe.
public final class Pace {
  private final long spacingNanos;
  private final long toleranceNanos;
  private final Timeline time;
  private long nextNanos;

  public Pace(Policy.RateLimit limit, Timeline time) {
    this.spacingNanos = Math.max(1, limit.per().toNanos() / limit.limit());
    this.toleranceNanos = spacingNanos * Math.max(0, limit.burst() - 1);
    this.time = time;
    this.nextNanos = time.nanos();
  }

  /// Takes the next place; zero if the call may go out now, else how long until its place comes.
  public synchronized Duration take() {
    long wait = waitNanos();
    nextNanos += spacingNanos;
    return Duration.ofNanos(wait);
  }

  /// Takes a place only if it is free now.
  public synchronized boolean tryTake() {
    if (waitNanos() > 0) {
      return false;
    }
    nextNanos += spacingNanos;
    return true;
  }

  private long waitNanos() {
    long now = time.nanos();
    nextNanos = Math.max(nextNanos, now);
    return Math.max(0, nextNanos - toleranceNanos - now);
  }
}
