package dev.skein.kernel;

import dev.skein.kernel.journal.Payload;
import org.jspecify.annotations.Nullable;

/// Which events a run would take.
///
/// @param type null for any
/// @param condition what else the event must meet, decided by [Workflows#passes]; empty for nothing
public record EventFilter(@Nullable String type, Payload condition) {
  public static EventFilter ofType(String type) {
    return new EventFilter(type, Payload.EMPTY);
  }

  @Override
  public String toString() {
    return type == null ? "any event" : "an event of type '" + type + "'";
  }
}
