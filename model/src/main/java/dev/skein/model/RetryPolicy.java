package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// When and how often to try again. Durations are as written.
///
/// @param maxAttempts number of retries; null for no limit
public record RetryPolicy(
    @Nullable String when,
    @Nullable String exceptWhen,
    @Nullable JsonNode delay,
    Backoff backoff,
    @Nullable Integer maxAttempts,
    @Nullable JsonNode attemptDuration,
    @Nullable JsonNode duration,
    @Nullable JsonNode jitterFrom,
    @Nullable JsonNode jitterTo) {
  /// How the delay grows.
  public sealed interface Backoff {}

  public record Constant() implements Backoff {}

  public record Linear() implements Backoff {}

  public record Exponential(double factor, @Nullable JsonNode maxDelay) implements Backoff {}
}
