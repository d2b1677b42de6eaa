package dev.skein.connectors.integration;

import dev.skein.kernel.journal.Payload;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What is known of a call beside the request.
///
/// @param operation of its API; null if it is not known
/// @param auth the call's own policy, which comes before the integration's; null for none
/// @param idempotencyKey the same however often the call is made
/// @param priority 1 (first) to 5
/// @param deferred what the call left when it was put off, else empty
public record Circumstances(
    @Nullable String operation,
    @Nullable JsonNode auth,
    String idempotencyKey,
    int priority,
    Payload deferred) {
  /// Of a call about which nothing else is known.
  public static Circumstances of(String idempotencyKey, Payload deferred) {
    return new Circumstances(null, null, idempotencyKey, 3, deferred);
  }
}
