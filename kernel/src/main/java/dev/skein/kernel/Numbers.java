package dev.skein.kernel;

import java.util.concurrent.atomic.AtomicLong;

/// Hands out time-ordered, unique numbers: milliseconds since 2024, times 2^20, and a count within
/// the millisecond. Inserted in this order, rows are appended rather than scattered.
final class Numbers {
  private static final long EPOCH_MILLIS = 1_704_067_200_000L;
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int ID_LENGTH = 13;

  private final Clock clock;
  private final AtomicLong last;

  /// @param last the highest number given so far: the clock may have been set back since
  Numbers(Clock clock, long last) {
    this.clock = clock;
    this.last = new AtomicLong(last);
  }

  long next() {
    long floor = Math.max(0, clock.now().toEpochMilli() - EPOCH_MILLIS) << 20;
    return last.updateAndGet(previous -> Math.max(previous + 1, floor));
  }

  /// The number as a run's id: 13 digits of base 32, sorting as the numbers do.
  static String id(long number) {
    var id = new char[ID_LENGTH];
    for (int i = 0; i < ID_LENGTH; i++) {
      id[ID_LENGTH - 1 - i] = DIGITS.charAt((int) (number >>> (5 * i)) & 31);
    }
    return new String(id);
  }
}
