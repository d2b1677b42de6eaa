package dev.skein.connectors.integration;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.Policy.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// What the calls of an integration come to, one after another, as `docs/integrations.md` has it:
/// written for reading, from the document and not from the pipeline. Times are in nanoseconds from
/// the beginning.
final class CallModel {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private final Policy policy;
  private long now;

  private int sharePaid;
  private double reserve;
  private long reserveAt;

  private long nextPlace;

  private final List<Boolean> lately = new ArrayList<>();
  private boolean halfOpen;
  private long openUntil = -1;

  /// What a system does with one attempt.
  ///
  /// @param kind `ok`, `connect`, `reset`, or a status
  /// @param retryAfterSeconds 0 for none
  record Attempt(String kind, long tookNanos, int retryAfterSeconds) {}

  /// Where a call stands that was put off.
  record Left(int attempts, int parked, boolean paced, boolean unpaid) {
    static final Left NOTHING = new Left(0, 0, false, false);
  }

  /// @param end `ok`, the kind of the last failure, `limit`, `open` or `deferred`
  /// @param untilNanos of what was put off
  record Outcome(String end, int attempts, long untilNanos, Left left, long nowNanos) {}

  CallModel(Policy policy) {
    this.policy = policy;
    this.reserve = policy.retryBudget().minPerSecond();
  }

  /// The budget begins to earn with the first call.
  void passTo(long nanos) {
    reserveAt = now == 0 ? nanos : reserveAt;
    now = nanos;
  }

  Outcome call(Left before, Iterator<Attempt> system) {
    long begun = now;
    Left left = before;
    while (true) {
      if (left.unpaid && !mayRetry()) {
        return deferred(parking(left), new Left(left.attempts, left.parked + 1, left.paced, true));
      }
      left = new Left(left.attempts, left.parked, left.paced, false);
      if (policy.rateLimit() != null && !left.paced) {
        long wait = place(policy.rateLimit());
        if (wait < 0) {
          return ended("limit", left);
        }
        left = new Left(left.attempts, left.parked, true, false);
        if (wait > durable()) {
          return deferred(wait, new Left(left.attempts, left.parked + 1, true, false));
        }
        now += wait;
      }
      if (policy.breaker() != null && openUntil >= 0 && !halfOpen) {
        if (now <= openUntil) {
          boolean parks = policy.breaker().onOpen() == Policy.Breaker.OnOpen.PARK;
          return parks
              ? deferred(
                  openUntil + MILLI - now,
                  new Left(left.attempts, left.parked + 1, left.paced, false))
              : ended("open", left);
        }
        halfOpen = true;
        lately.clear();
      }
      if (left.attempts == 0) {
        int most = Math.max(100, policy.retryBudget().percent() * 1_000);
        sharePaid = Math.min(most, sharePaid + policy.retryBudget().percent());
      }
      left = new Left(left.attempts + 1, 0, false, false);
      Attempt attempt = system.next();
      now += attempt.tookNanos;
      told(attempt.kind);
      if (attempt.kind.equals("ok")) {
        return ended("ok", left);
      }
      long wait = pause(attempt, left.attempts);
      long overall = policy.timeout().overall() == null ? -1 : policy.timeout().overall().toNanos();
      boolean late = overall >= 0 && wait <= durable() && wait >= overall - (now - begun);
      if (wait < 0 || late) {
        return ended(attempt.kind, left);
      }
      if (!mayRetry()) {
        left = new Left(left.attempts, left.parked, false, true);
        return policy.parks()
            ? deferred(parking(left), new Left(left.attempts, left.parked + 1, false, true))
            : ended(attempt.kind, left);
      }
      if (wait > durable()) {
        return deferred(wait, new Left(left.attempts, left.parked + 1, false, false));
      }
      now += wait;
    }
  }

  private Outcome ended(String end, Left left) {
    return new Outcome(end, left.attempts, 0, left, now);
  }

  private Outcome deferred(long wait, Left left) {
    return new Outcome("deferred", left.attempts, now + wait, left, now);
  }

  private long durable() {
    return policy.retry().durableAfter().toNanos();
  }

  private static long parking(Left left) {
    return SECOND << Math.min(left.parked, 5);
  }

  /// -1 if there is to be no other attempt.
  private long pause(Attempt attempt, int attempts) {
    Policy.Retry retry = policy.retry();
    Trigger trigger =
        switch (attempt.kind) {
          case "connect" -> new Trigger.Connect();
          case "reset" -> new Trigger.Reset();
          default -> new Trigger.Status(Integer.parseInt(attempt.kind));
        };
    if (attempts >= retry.attempts() || !retry.on().contains(trigger)) {
      return -1;
    }
    double first =
        retry.backoff().first().toNanos() * Math.pow(retry.backoff().factor(), attempts - 1.0);
    long backoff = (long) Math.min(first, retry.backoff().max().toNanos());
    long asked = attempt.retryAfterSeconds * SECOND;
    if (asked > retry.honourRetryAfter().toNanos()) {
      return -1;
    }
    return Math.max(backoff, asked);
  }

  private boolean mayRetry() {
    double earned = (now - reserveAt) / 1e9 * policy.retryBudget().minPerSecond();
    reserve = Math.min(reserve + earned, policy.retryBudget().minPerSecond() * 10.0);
    reserveAt = now;
    if (sharePaid >= 100) {
      sharePaid -= 100;
      return true;
    }
    if (reserve >= 1) {
      reserve--;
      return true;
    }
    return false;
  }

  /// How long until a place under the limit is free; -1 if the call is not to wait.
  private long place(Policy.RateLimit limit) {
    long spacing = limit.per().toNanos() / limit.limit();
    long from = Math.max(nextPlace, now);
    long wait = Math.max(0, from - spacing * (limit.burst() - 1L) - now);
    if (wait > 0 && limit.onLimit() == Policy.RateLimit.OnLimit.FAIL) {
      nextPlace = from;
      return -1;
    }
    nextPlace = from + spacing;
    return wait;
  }

  /// Whether the attempt speaks against the system, for the breaker.
  private void told(String kind) {
    Policy.Breaker rule = policy.breaker();
    if (rule == null) {
      return;
    }
    boolean failed =
        switch (kind) {
          case "ok" -> false;
          case "connect", "reset" -> true;
          default -> Integer.parseInt(kind) >= 500 || kind.equals("429");
        };
    lately.add(failed);
    if (lately.size() > rule.window()) {
      lately.removeFirst();
    }
    int needed = halfOpen ? 3 : Math.min(rule.window(), 10);
    if (lately.size() < needed) {
      return;
    }
    long failures = lately.stream().filter(one -> one).count();
    boolean open = 100.0 * failures / lately.size() >= rule.failureRate();
    if (open) {
      openUntil = now + rule.openFor().toNanos();
      halfOpen = false;
      lately.clear();
    } else if (halfOpen) {
      halfOpen = false;
      openUntil = -1;
      lately.clear();
    }
  }
}
