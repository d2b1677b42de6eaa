package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.policy.Policy;
import org.jspecify.annotations.Nullable;

/// Errors of calls that a policy did not let go out.
final class Refusals {
  private Refusals() {}

  static HttpCallException overLimit(Policy policy) {
    return refusal(
        Kind.COMMUNICATION,
        429,
        "Rate limit reached",
        "no more calls to %s now: its rate limit is reached".formatted(policy.integration()));
  }

  static HttpCallException open(Policy policy) {
    return refusal(
        Kind.COMMUNICATION,
        503,
        "Breaker open",
        "%s failed too often lately; no calls to it for a while".formatted(policy.integration()));
  }

  static HttpCallException overdue(Policy policy, @Nullable Throwable cause) {
    return new HttpCallException(
        Failure.of(
            Kind.TIMEOUT,
            408,
            "No time left",
            "the call to %s took longer than %s in all"
                .formatted(policy.integration(), policy.timeout().overall()),
            false),
        cause);
  }

  private static HttpCallException refusal(Kind kind, int status, String title, String detail) {
    return new HttpCallException(Failure.of(kind, status, title, detail, false), null);
  }
}
