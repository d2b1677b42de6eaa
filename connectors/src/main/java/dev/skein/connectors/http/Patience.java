package dev.skein.connectors.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a connection may still take: each of its steps by itself, and all of them no longer
/// than the call that it is for.
///
/// @param endNanos of the whole call, by [System#nanoTime]; null if that may last
record Patience(Duration step, @Nullable Long endNanos) {
  private static final Duration LEAST = Duration.ofMillis(1);

  static Patience of(HttpCall call) {
    Duration whole = call.wholeTimeout();
    return new Patience(
        call.connectTimeout(), whole == null ? null : System.nanoTime() + whole.toNanos());
  }

  /// For the next step.
  Duration now() {
    Duration left = left();
    return left == null || left.compareTo(step) > 0 ? step : left;
  }

  /// For all that is to come; null for any time.
  @Nullable Duration left() {
    if (endNanos == null) {
      return null;
    }
    Duration left = Duration.ofNanos(endNanos - System.nanoTime());
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }
}
