package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;

/// Lets retries add only so much to the calls of an integration, so that a system in trouble is not
/// given more to do: each first attempt pays in a share of a retry, time pays in a few more.
/// Thread-safe.
public final class RetryAllowance {
  private static final double SECONDS_KEPT = 10;

  /// Calls that may pay for one burst of retries.
  private static final int CALLS_KEPT = 1_000;

  private static final int PERCENT_A_RETRY = 100;

  private final Policy.RetryBudget budget;
  private final Timeline time;
  private int paidPercent;
  private double reserve;
  private long reserveNanos;

  public RetryAllowance(Policy.RetryBudget budget, Timeline time) {
    this.budget = budget;
    this.time = time;
    this.reserve = budget.minPerSecond();
    this.reserveNanos = time.nanos();
  }

  /// A call was made for the first time.
  public synchronized void firstAttempt() {
    int most = Math.max(PERCENT_A_RETRY, budget.percent() * CALLS_KEPT);
    paidPercent = Math.min(paidPercent + budget.percent(), most);
  }

  /// Whether one more retry is within the budget; it is spent then.
  public synchronized boolean tryRetry() {
    refill();
    if (paidPercent >= PERCENT_A_RETRY) {
      paidPercent -= PERCENT_A_RETRY;
      return true;
    }
    if (reserve >= 1) {
      reserve--;
      return true;
    }
    return false;
  }

  private void refill() {
    long now = time.nanos();
    double earned = (now - reserveNanos) / 1e9 * budget.minPerSecond();
    reserve = Math.min(reserve + earned, budget.minPerSecond() * SECONDS_KEPT);
    reserveNanos = now;
  }
}
