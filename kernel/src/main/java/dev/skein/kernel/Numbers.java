package dev.skein.kernel;

import dev.skein.kernel.store.RunNumbers;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// Hands out time-ordered, unique numbers. Inserted in this order, rows are appended rather than
/// scattered.
final class Numbers {
  private final Clock clock;
  private final AtomicLong last;
  private final int slot;

  /// @param last the highest number given so far, by anybody: clocks may be set back
  /// @param slot this node's, so that no other gives the same
  Numbers(Clock clock, long last, int slot) {
    this.clock = clock;
    this.last = new AtomicLong(last);
    this.slot = slot;
  }

  long next() {
    Instant now = clock.now();
    return last.updateAndGet(previous -> RunNumbers.after(previous, now, slot));
  }
}
