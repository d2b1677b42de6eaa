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

  private long waitNanos() {
    long now = time.nanos();
    nextNanos = Math.max(nextNanos, now);
    return Math.max(0, nextNanos - toleranceNanos - now);
  }
}
