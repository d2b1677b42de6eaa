package dev.skein.kernel;

import dev.skein.kernel.store.StoreException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a run leaves memory before its end, and what must be written about it.
record Departure(
    Why why,
    List<WakeReason> reasons,
    @Nullable Instant wakeAt,
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

  static Departure waiting(List<WakeReason> reasons, @Nullable Instant wakeAt) {
    return new Departure(Why.WAITING, List.copyOf(reasons), wakeAt, "", null);
  }

  static Departure suspended(String reason) {
    var operator = new WakeReason(WakeReason.Kind.OPERATOR, reason, null);
    return new Departure(Why.SUSPENDED, List.of(operator), null, reason, null);
  }

  static Departure diverged(String inJournal, String inCode) {
    String details = "- the journal has: " + inJournal + "\n+ the workflow asks for: " + inCode;
    var incident = new WakeReason(WakeReason.Kind.INCIDENT, "divergence", null);
    return new Departure(Why.DIVERGED, List.of(incident), null, details, null);
  }

  static Departure closing() {
    return new Departure(Why.CLOSING, List.of(), null, "", null);
  }

  static Departure broken(StoreException cause) {
    return new Departure(Why.BROKEN, List.of(), null, String.valueOf(cause.getMessage()), cause);
  }
}
