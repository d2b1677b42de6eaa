package dev.skein.kernel.store;

import java.time.Instant;
import java.util.OptionalLong;

/// What the number of a run tells: milliseconds since 2024, times 2^20, and within the millisecond
/// the slot of the node that gave it, times 2^10, and a count.
public final class RunNumbers {
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");
  private static final int SLOT_BITS = 10;
  private static final int COUNT_BITS = 10;

  /// How many nodes can give numbers at once.
  public static final int SLOTS = 1 << SLOT_BITS;

  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int ID_LENGTH = 13;

  private RunNumbers() {}

  /// The lowest number of a run that starts at that instant; 0 for any before 2024.
  public static long firstAt(Instant instant) {
    return Math.max(0, instant.toEpochMilli() - EPOCH.toEpochMilli()) << (SLOT_BITS + COUNT_BITS);
  }

  /// The number after that one, given at that instant or later by the node in that slot.
  public static long after(long last, Instant instant, int slot) {
    long inSlot = (long) slot << COUNT_BITS;
    long now = firstAt(instant) + inSlot;
    if (now > last) {
      return now;
    }
    long next = last + 1;
    boolean same = ((next >> COUNT_BITS) & (SLOTS - 1)) == slot;
    if (same) {
      return next;
    }
    long millis = last >> (SLOT_BITS + COUNT_BITS);
    long here = (millis << (SLOT_BITS + COUNT_BITS)) + inSlot;
    return here > last ? here : here + (1L << (SLOT_BITS + COUNT_BITS));
  }

  /// When the run of that number was started, or shortly after if the clock was set back then.
  public static Instant startOf(long number) {
    return EPOCH.plusMillis(number >> (SLOT_BITS + COUNT_BITS));
  }

  /// The number as a run's id: 13 digits of base 32, sorting as the numbers do.
  public static String id(long number) {
    var id = new char[ID_LENGTH];
    for (int i = 0; i < ID_LENGTH; i++) {
      id[ID_LENGTH - 1 - i] = DIGITS.charAt((int) (number >>> (5 * i)) & 31);
    }
    return new String(id);
  }

  /// The number that an id was made from; empty if somebody has chosen the id.
  public static OptionalLong number(String id) {
    long number = 0;
    for (int i = 0; i < id.length(); i++) {
      number = number << 5 | DIGITS.indexOf(id.charAt(i));
    }
    return id(number).equals(id) ? OptionalLong.of(number) : OptionalLong.empty();
  }
}
