package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// When and how often something that failed is tried again. Durations are as in {@link Timeout}.
///
/// @param maxAttempts number of retries; absent for no bound
/// @param attemptDuration bound of one attempt
/// @param duration bound of all attempts together
public record RetryPolicy(
    @Nullable String when,
    @Nullable String exceptWhen,
    @Nullable JsonNode delay,
    Backoff backoff,
    @Nullable Integer maxAttempts,
    @Nullable JsonNode attemptDuration,
    @Nullable JsonNode duration,
    @Nullable JsonNode jitterFrom,
    @Nullable JsonNode jitterTo) {}
