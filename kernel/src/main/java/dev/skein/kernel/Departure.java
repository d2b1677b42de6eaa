package dev.skein.kernel;

import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.StoreException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a run leaves memory before its end, and what must be written about it.
record Departure(
    Why why,
    List<WakeReason> reasons,
    @Nullable Instant wakeAt,
    List<Listener> listeners,
    String details,
    @Nullable StoreException cause) {
  /// What makes a run leave.
  enum Why {
    WAITING,
    SUSPENDED,
    DIVERGED,
    CLOSING,
    BROKEN
  }

  /// @param listeners what brings it back for an event
  static Departure waiting(
      List<WakeReason> reasons, @Nullable Instant wakeAt, List<Listener> listeners) {
    return new Departure(
        Why.WAITING, List.copyOf(reasons), wakeAt, List.copyOf(listeners), "", null);
  }

  static Departure suspended(String reason) {
    var operator = new WakeReason(WakeReason.Kind.OPERATOR, reason, null);
    return new Departure(Why.SUSPENDED, List.of(operator), null, List.of(), reason, null);
  }

  static Departure diverged(String inJournal, String inCode) {
    String details = "- the journal has: " + inJournal + "\n+ the workflow asks for: " + inCode;
    var incident = new WakeReason(WakeReason.Kind.INCIDENT, "divergence", null);
    return new Departure(Why.DIVERGED, List.of(incident), null, List.of(), details, null);
  }

  static Departure closing() {
    return new Departure(Why.CLOSING, List.of(), null, List.of(), "", null);
  }

  static Departure broken(StoreException cause) {
    String details = String.valueOf(cause.getMessage());
    return new Departure(Why.BROKEN, List.of(), null, List.of(), details, cause);
  }
}
