package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.policy.Policy;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sends a second attempt beside a first one that takes long: the first answer counts, and the
/// other attempt is broken off. The first runs on the thread of the call, so that a call that is
/// answered in time pays for no other. Its monitor owns its state.
final class Hedge {
  private final Integration system;
  private final Attempt attempt;
  private final int priority;
  private final Thread first = Thread.currentThread();
  private boolean firstIsOver;
  private @Nullable Thread second;
  private boolean secondIsOver;
  private @Nullable JsonNode secondAnswer;

  /// One attempt; two may run at a time.
  @FunctionalInterface
  interface Attempt {
    JsonNode run() throws HttpCallException, InterruptedException;
  }

  private Hedge(Integration system, Attempt attempt, int priority) {
    this.system = system;
    this.attempt = attempt;
    this.priority = priority;
  }

  /// The answer of one attempt, or the first of two.
  ///
  /// @param priority what the second needs to be let in
  static JsonNode run(
      Integration system,
      String method,
      int priority,
      ScheduledExecutorService timer,
      Attempt attempt)
      throws HttpCallException, InterruptedException {
    Policy.Hedge rule = system.policy.hedge();
    Duration after = rule == null || !rule.methods().contains(method) ? null : after(system, rule);
    return after == null ? attempt.run() : new Hedge(system, attempt, priority).race(after, timer);
  }

  private static @Nullable Duration after(Integration system, Policy.Hedge rule) {
    return rule.after() == null ? system.latencies.recently(rule.percentile()) : rule.after();
  }

  private JsonNode race(Duration after, ScheduledExecutorService timer)
      throws HttpCallException, InterruptedException {
    Future<?> later = timer.schedule(this::begin, after.toNanos(), TimeUnit.NANOSECONDS);
    try {
      JsonNode answer = attempt.run();
      JsonNode earlier = firstIsOver();
      return earlier == null ? answer : earlier;
    } catch (HttpCallException e) {
      JsonNode other = secondAnswer();
      if (other == null) {
        throw e;
      }
      return other;
    } catch (InterruptedException e) {
      JsonNode earlier = firstIsOver();
      if (earlier == null) {
        throw e; // not by the second, but by whoever waits for the call
      }
      return earlier;
    } finally {
      later.cancel(false);
      breakOff();
    }
  }

  /// What the second has answered by now; it does not interrupt the first any more.
  private synchronized @Nullable JsonNode firstIsOver() {
    firstIsOver = true;
    if (secondAnswer != null) {
      Thread.interrupted(); // it did
    }
    return secondAnswer;
  }

  /// What the second answers, if it was begun; the first has failed.
  private synchronized @Nullable JsonNode secondAnswer() throws InterruptedException {
    firstIsOver();
    while (second != null && !secondIsOver) {
      wait();
    }
    return secondAnswer;
  }

  private synchronized void breakOff() {
    firstIsOver = true;
    if (second != null && !secondIsOver) {
      second.interrupt();
    }
  }

  private synchronized void begin() {
    if (!firstIsOver) {
      second = Thread.ofVirtual().name("skein-hedge").start(this::runSecond);
    }
  }

  private void runSecond() {
    JsonNode answer = null;
    try {
      if (mayFollow()) {
        system.meter.hedges.increment();
        answer = attempt.run();
      }
    } catch (HttpCallException | InterruptedException | RuntimeException e) {
      // the first tells what became of the call
    }
    synchronized (this) {
      secondIsOver = true;
      secondAnswer = answer;
      if (answer != null && !firstIsOver) {
        first.interrupt();
      }
      notifyAll();
    }
  }

  private boolean mayFollow() throws InterruptedException {
    if (!system.allowance.tryRetry()) {
      return false;
    }
    return system.gate == null || system.gate.enter(priority, 0);
  }
}
