package dev.skein.cli.demo.checkout;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One line of a ledger: what happened to an order, and what was answered.
///
/// @param key the `Idempotency-Key` of the request, if it had one and its answer is final
/// @param fingerprint a hash of the request, to tell a repetition from another request with its key
/// @param note what the service needs to know of the request to undo it
record LedgerEntry(
    String orderId,
    Event event,
    @Nullable String key,
    @Nullable String fingerprint,
    int status,
    JsonNode answer,
    JsonNode note) {

  enum Event {
    /// The effect happened: stock reserved, card charged, parcel booked.
    HELD,
    /// It was undone.
    RELEASED,
    /// The service said no, for good.
    REFUSED,
    /// There was nothing to undo.
    NOTHING,
    /// The service was unavailable, as configured; the next attempt may fare better.
    UNAVAILABLE
  }
}
