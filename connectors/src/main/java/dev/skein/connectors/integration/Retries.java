package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpCallException.Reach;
import dev.skein.connectors.policy.Policy;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides whether a failed attempt is followed by another, and when.
final class Retries {
  private static final Set<String> REPEATABLE =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private Retries() {}

  /// @param attempts how many were made
  /// @return how long to wait before the next; null if there is to be none
  static @Nullable Duration after(
      HttpCallException e,
      HttpCall call,
      int attempts,
      Integration system,
      RandomGenerator random) {
    Policy policy = system.policy;
    Policy.Retry retry = policy.retry();
    if (attempts >= retry.attempts() || !isRepeatable(e, call, policy) || !triggers(e, retry)) {
      return null;
    }
    Duration backoff = backoff(retry.backoff(), attempts, random);
    Duration asked = e.retryAfter();
    if (asked == null) {
      return backoff;
    }
    if (asked.compareTo(retry.honourRetryAfter()) > 0) {
      return null;
    }
    return asked.compareTo(backoff) > 0 ? asked : backoff;
  }

  private static boolean isRepeatable(HttpCallException e, HttpCall call, Policy policy) {
    return e.reach() == Reach.NOT_SENT
        || REPEATABLE.contains(call.method())
        || policy.idempotency().header() != null;
  }

  private static boolean triggers(HttpCallException e, Policy.Retry retry) {
    if (e.kind() == Kind.VALIDATION) {
      return false; // what breaks the contract would break it again
    }
    return switch (e.reach()) {
      case NOT_SENT ->
          e.kind() == Kind.COMMUNICATION && retry.on().contains(new Policy.Trigger.Connect());
      case NO_ANSWER -> retry.on().contains(new Policy.Trigger.Reset());
      case ANSWERED -> retry.on().contains(new Policy.Trigger.Status(e.status()));
    };
  }

  private static Duration backoff(Policy.Backoff rule, int retry, RandomGenerator random) {
    double nanos = rule.first().toNanos() * Math.pow(rule.factor(), retry - 1.0);
    double bounded = Math.min(nanos, (double) rule.max().toNanos());
    double fixed = bounded * (1 - rule.jitter());
    return Duration.ofNanos((long) (fixed + random.nextDouble() * (bounded - fixed)));
  }

  /// Whether it speaks against the system called, rather than against the call; null if it says
  /// nothing of either.
  static @Nullable Boolean isSystemsFault(HttpCallException e) {
    return switch (e.reach()) {
      case NOT_SENT -> e.kind() == Kind.COMMUNICATION ? Boolean.TRUE : null;
      case NO_ANSWER -> true;
      case ANSWERED -> e.status() >= SERVER_ERROR || e.status() == TOO_MANY;
    };
  }
}
