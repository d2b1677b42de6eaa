package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The circuit breaker of one endpoint. Thread-safe.
public final class Fuse {
  /// How many calls decide whether it closes again; the others wait for them.
  private static final int TRIALS = 3;

  /// Fewer calls than this decide nothing.
  private static final int LEAST_CALLS = 10;

  private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(1);

  /// It is tried again after its time, not when that is over.
  private static final Duration JUST_AFTER = Duration.ofMillis(1);

  private static final Duration NEVER_SLOW = Duration.ofDays(1);

  private final Timeline time;
  private final CircuitBreaker breaker;
  private volatile Instant nextTrial = Instant.MIN;

  public Fuse(String name, Policy.Breaker rule, Timeline time) {
    this.time = time;
    Duration slow = rule.slowCall();
    var config =
        CircuitBreakerConfig.custom()
            .slidingWindow(
                rule.window(), Math.min(rule.window(), LEAST_CALLS), SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(rule.failureRate())
            .slowCallRateThreshold(rule.failureRate())
            .slowCallDurationThreshold(slow == null ? NEVER_SLOW : slow)
            .waitDurationInOpenState(rule.openFor())
            .permittedNumberOfCallsInHalfOpenState(TRIALS)
            .clock(clock(time))
            .build();
    this.breaker = CircuitBreaker.of(name, config);
    breaker
        .getEventPublisher()
        .onStateTransition(e -> {
          if (e.getStateTransition().getToState() == State.OPEN) {
            nextTrial = time.now().plus(rule.openFor()).plus(JUST_AFTER);
          }
        });
  }

  /// Whether a call may be made; if so, its outcome must be told.
  public boolean tryPass() {
    return breaker.tryAcquirePermission();
  }

  /// When to ask again after a refusal; null if it lets calls pass.
  public @Nullable Instant refusingUntil() {
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> {
        Instant now = time.now();
        yield nextTrial.isAfter(now) ? nextTrial : null;
      }
      case HALF_OPEN -> time.now().plus(BETWEEN_TRIALS);
      case CLOSED, DISABLED, METRICS_ONLY -> null;
    };
  }

  /// Whether it refuses calls now, those that try whether it can close not counted.
  public boolean isOpen() {
    return breaker.getState() == State.OPEN && nextTrial.isAfter(time.now());
  }

  public void succeeded(long tookNanos) {
    breaker.onSuccess(tookNanos, TimeUnit.NANOSECONDS);
  }

  public void failed(long tookNanos) {
    breaker.onError(tookNanos, TimeUnit.NANOSECONDS, new Exception("the call failed"));
  }

  /// The call was not made, or its outcome says nothing about the system called.
  public void withdrawn() {
    breaker.releasePermission();
  }

  /// `closed`, `open` or `half_open`
  public String state() {
    return breaker.getState().name().toLowerCase(Locale.ROOT);
  }

  private static Clock clock(Timeline time) {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return time.now();
      }
    };
  }
}
