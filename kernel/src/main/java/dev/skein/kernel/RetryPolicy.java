package dev.skein.kernel;

import java.time.Duration;

/// Journaled retries of one step: the wait grows by `factor` from `firstDelay` to `maxDelay`.
///
/// @param maxAttempts including the first
public record RetryPolicy(int maxAttempts, Duration firstDelay, double factor, Duration maxDelay) {
  public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO);

  /// From a second to a minute, without end.
  public static final RetryPolicy FOREVER =
      new RetryPolicy(Integer.MAX_VALUE, Duration.ofSeconds(1), 2, Duration.ofMinutes(1));

  /// @param attempt the one that failed, from 1
  public Duration delayAfter(int attempt) {
    double millis = firstDelay.toMillis() * Math.pow(factor, attempt - 1.0);
    return millis >= maxDelay.toMillis() ? maxDelay : Duration.ofMillis((long) millis);
  }
}
