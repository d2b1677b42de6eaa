package dev.skein.kernel;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How long the last commits took. Thread-safe.
final class CommitTimes {
  private static final int REMEMBERED = 1_024;

  /// The newest in the place of the oldest. Guarded by this object's monitor.
  private final long[] nanos = new long[REMEMBERED];

  private long count;

  synchronized void add(Duration took) {
    nanos[(int) (count++ % REMEMBERED)] = took.toNanos();
  }

  /// The time that so many of a hundred commits did not exceed; null if there were none.
  @Nullable Duration percentile(int percent) {
    long[] sorted = sorted();
    if (sorted.length == 0) {
      return null;
    }
    int rank = (sorted.length * percent + 99) / 100;
    return Duration.ofNanos(sorted[Math.max(0, rank - 1)]);
  }

  private long[] sorted() {
    long[] known;
    synchronized (this) {
      known = Arrays.copyOf(nanos, (int) Math.min(count, REMEMBERED));
    }
    Arrays.sort(known);
    return known;
  }
}
