package dev.skein.kernel;

import dev.skein.kernel.store.RunNumbers;
import java.util.concurrent.atomic.AtomicLong;

/// Hands out time-ordered, unique numbers. Inserted in this order, rows are appended rather than
/// scattered.
final class Numbers {
  private final Clock clock;
  private final AtomicLong last;

  /// @param last the highest number given so far: the clock may have been set back since
  Numbers(Clock clock, long last) {
    this.clock = clock;
    this.last = new AtomicLong(last);
  }

  long next() {
    long floor = RunNumbers.firstAt(clock.now());
    return last.updateAndGet(previous -> Math.max(previous + 1, floor));
  }
}
