package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sends a second attempt beside a first one that takes long: the first answer counts, and the
/// other attempt is broken off.
final class Hedge {
  private final Integration system;
  private final Attempt attempt;
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final List<Thread> underWay = new ArrayList<>();

  /// One attempt; two may run at a time.
  @FunctionalInterface
  interface Attempt {
    JsonNode run() throws HttpCallException, InterruptedException;
  }

  private record Outcome(@Nullable JsonNode answer, @Nullable Throwable thrown) {}

  private Hedge(Integration system, Attempt attempt) {
    this.system = system;
    this.attempt = attempt;
  }

  /// The answer of one attempt, or the first of two.
  ///
  /// @param priority what the second needs to be let in
  static JsonNode run(Integration system, String method, int priority, Attempt attempt)
      throws HttpCallException, InterruptedException {
    Policy.Hedge rule = system.policy.hedge();
    Duration after = rule == null || !rule.methods().contains(method) ? null : after(system, rule);
    return after == null ? attempt.run() : new Hedge(system, attempt).race(after, priority);
  }

  private static @Nullable Duration after(Integration system, Policy.Hedge rule) {
    return rule.after() == null ? system.latencies.recently(rule.percentile()) : rule.after();
  }

  private JsonNode race(Duration after, int priority)
      throws HttpCallException, InterruptedException {
    begin();
    try {
      Outcome outcome = outcomes.poll(after.toNanos(), TimeUnit.NANOSECONDS);
      if (outcome == null && mayFollow(priority)) {
        system.meter.hedges.increment();
        begin();
      }
      outcome = outcome == null ? outcomes.take() : outcome;
      if (outcome.answer == null && underWay.size() > 1) {
        outcome = outcomes.take();
      }
      return result(outcome);
    } finally {
      underWay.forEach(Thread::interrupt);
    }
  }

  private boolean mayFollow(int priority) throws InterruptedException {
    if (!system.allowance.tryRetry()) {
      return false;
    }
    return system.gate == null || system.gate.enter(priority, 0);
  }

  private void begin() {
    underWay.add(
        Thread.ofVirtual()
            .name("skein-call")
            .start(() -> {
              try {
                outcomes.add(new Outcome(attempt.run(), null));
              } catch (Throwable t) { // told to the thread that waits for it
                outcomes.add(new Outcome(null, t));
              }
            }));
  }

  private static JsonNode result(Outcome outcome) throws HttpCallException, InterruptedException {
    if (outcome.answer != null) {
      return outcome.answer;
    }
    switch (outcome.thrown) {
      case HttpCallException e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new IllegalStateException("an attempt ended otherwise");
    }
  }
}
