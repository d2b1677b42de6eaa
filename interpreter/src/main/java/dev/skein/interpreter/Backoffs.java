package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.model.Backoff;
import dev.skein.model.Durations;
import dev.skein.model.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How long a retry policy waits before each attempt.
record Backoffs(Templates templates, JsonNode input, Scope scope) {
  private static final Duration LONGEST = Duration.ofDays(365);

  /// @param attempt the one that failed, from 1
  Duration delay(RetryPolicy policy, int attempt, RandomGenerator random) {
    Duration delay = duration(policy.delay());
    Duration grown =
        switch (policy.backoff()) {
          case Backoff.Constant() -> delay;
          case Backoff.Linear() -> times(delay, attempt);
          case Backoff.Exponential exponential -> {
            Duration next = times(delay, Math.pow(exponential.factor(), attempt - 1.0));
            JsonNode most = exponential.maxDelay();
            Duration limit = most == null ? LONGEST : duration(most);
            yield next.compareTo(limit) > 0 ? limit : next;
          }
        };
    JsonNode from = policy.jitterFrom();
    JsonNode to = policy.jitterTo();
    if (from == null || to == null) {
      return grown;
    }
    long low = duration(from).toMillis();
    long high = Math.max(low, duration(to).toMillis());
    return grown.plusMillis(random.nextLong(low, high + 1));
  }

  private static Duration times(Duration delay, double factor) {
    double millis = delay.toMillis() * factor;
    return millis > LONGEST.toMillis() ? LONGEST : Duration.ofMillis((long) millis);
  }

  private Duration duration(@Nullable JsonNode written) {
    return written == null
        ? Duration.ZERO
        : Durations.parse(templates.evaluate(written, input, scope));
  }
}
