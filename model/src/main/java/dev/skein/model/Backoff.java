package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the wait between retries grows.
public sealed interface Backoff {
  record Constant() implements Backoff {}

  record Linear() implements Backoff {}

  /// @param maxDelay a duration the wait never exceeds
  record Exponential(double factor, @Nullable JsonNode maxDelay) implements Backoff {}
}
