package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One endpoint and how it fares. Thread-safe.
public final class Target {
  private final Policy.Endpoint endpoint;
  private final @Nullable Fuse fuse;
  private final Timeline time;
  private int underWay;
  private int failuresInARow;
  private long ejectedUntilNanos;
  private boolean ejected;
  private boolean well = true;
  private int against;

  Target(Policy.Endpoint endpoint, @Nullable Fuse fuse, Timeline time) {
    this.endpoint = endpoint;
    this.fuse = fuse;
    this.time = time;
  }

  public Policy.Endpoint endpoint() {
    return endpoint;
  }

  /// Null if the policy has no breaker.
  public @Nullable Fuse fuse() {
    return fuse;
  }

  /// A call goes to it.
  public synchronized void begin() {
    underWay++;
  }

  /// @param failed null if the outcome says nothing about the endpoint
  public synchronized void end(@Nullable Boolean failed, Policy.@Nullable Ejection rule) {
    underWay--;
    if (failed == null || rule == null) {
      return;
    }
    failuresInARow = failed ? failuresInARow + 1 : 0;
    if (failuresInARow >= rule.consecutiveFailures()) {
      failuresInARow = 0;
      ejected = true;
      ejectedUntilNanos = time.nanos() + nanos(rule.time());
    }
  }

  /// It was asked whether it is well.
  public synchronized void probed(boolean ok, Policy.Health rule) {
    against = ok == well ? 0 : against + 1;
    if (against >= (well ? rule.failures() : rule.successes())) {
      well = !well;
      against = 0;
    }
  }

  /// As far as it was asked.
  public synchronized boolean isWell() {
    return well;
  }

  private static long nanos(Duration time) {
    return time.toNanos();
  }

  public synchronized int underWay() {
    return underWay;
  }

  public synchronized boolean isEjected() {
    if (ejected && time.nanos() - ejectedUntilNanos >= 0) {
      ejected = false;
    }
    return ejected;
  }

  boolean isFit() {
    return isWell() && !isEjected() && (fuse == null || !fuse.isOpen());
  }
}
