package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Ports;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.YamlWorkflow;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import dev.skein.runtime.WorkflowText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// When retries end by the clock: undisturbed, and killed after every few commits.
class RetryLimitTest {
  private static final WorkflowRef REF = new WorkflowRef("test", "t", "1.0.0");
  private static final int SEEDS = 20;

  private record Outcome(JsonNode output, Duration after) {}

  private static Outcome outcome(String output, int seconds) {
    return new Outcome(Json.parse(output), Duration.ofSeconds(seconds));
  }

  @Test
  void theWholeLimitCutsAnAttemptThatHangs() throws Exception {
    assertAlways(
        """
        try: [{slow: {wait: PT1H}}]
        catch:
          retry: {delay: PT10S, limit: {duration: PT1M}}
          do: [{caught: {set: '${ [$error.status, $error.detail] }'}}]
        """,
        outcome("[408, \"'t' with its retries took longer than PT1M\"]", 60));
  }

  @Test
  void theWholeLimitCountsFromTheFirstAttempt() throws Exception {
    assertAlways(
        """
        try:
          - slow: {wait: PT22S}
          - no: {raise: {error: {type: 'https://x.test/no', status: 418}}}
        catch:
          retry: {delay: PT10S, limit: {duration: PT1M, attempt: {count: 9, duration: PT50S}}}
          do: [{caught: {set: '${ $error.status }'}}]
        """,
        outcome("418", 54)); // 0 to 22, 32 to 54, and the next would begin at 64
    assertAlways(
        """
        try: [{slow: {wait: PT1H}}]
        catch:
          retry: {delay: PT10S, limit: {duration: PT1M, attempt: {count: 9, duration: PT40S}}}
          do: [{caught: {set: '${ $error.detail }'}}]
        """,
        outcome("\"'t' with its retries took longer than PT1M\"", 60)); // 0 to 40, 50 to 60
  }

  @Test
  void theAttemptsOwnLimitCutsItWhenItIsTheSooner() throws Exception {
    assertAlways(
        """
        try: [{slow: {wait: PT1H}}]
        catch:
          retry: {delay: PT10S, limit: {duration: PT1M, attempt: {count: 1, duration: PT20S}}}
          do: [{caught: {set: '${ $error.detail }'}}]
        """,
        outcome("\"an attempt of 't' took longer than PT20S\"", 50));
  }

  @Test
  void anAttemptThatEndsInTimeIsLeftAlone() throws Exception {
    assertAlways(
        """
        try: [{quick: {wait: PT59S}}, {done: {set: done}}]
        catch: {retry: {limit: {duration: PT1M}}}
        """,
        outcome("\"done\"", 59));
  }

  private static void assertAlways(String tryTask, Outcome expected) throws Exception {
    String text =
        "document: {dsl: 1.0.3, namespace: test, name: t, version: 1.0.0}\ndo:\n  - t:\n"
            + tryTask.indent(6);
    for (long seed = 0; seed <= SEEDS; seed++) {
      assertThat(run(text, seed)).as("seed " + seed).isEqualTo(expected);
    }
  }

  /// @param seed of the places where the process dies; 0 for none
  private static Outcome run(String text, long seed) throws InterruptedException {
    var random = new SplittableRandom(seed);
    var clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
    var ports = new Ports(null, null, null, null, SecretSource.NONE, (_, _) -> null);
    var workflow = new YamlWorkflow(WorkflowText.read(text), new Jq(Limits.defaults()), ports);
    var store = new MemoryStore();
    while (true) {
      if (seed > 0) {
        store.failAfter(random.nextInt(1, 4));
      }
      try (var simulation =
          new Simulation(store, clock, _ -> workflow, EngineOptions.DEFAULT.checkpointEvery(1))) {
        RunRow row = live(simulation);
        if (row != null && row.status().ended()) {
          var end = (Entry.RunEnded) Engine.journal(store, row.number()).getLast();
          assertThat(end.failure()).isNull();
          return new Outcome(
              Json.parse(end.output().text()), Duration.between(row.startedAt(), end.at()));
        }
        assertThat(row == null ? List.of() : store.incidents(row.number())).isEmpty();
      }
      store = store.reopened();
    }
  }

  private static RunRow live(Simulation simulation) throws InterruptedException {
    try {
      simulation.engine().start(new Engine.Start(REF, Payload.of("{}"), "r", 3));
      return simulation.settle("r");
    } catch (StoreException killed) {
      return null;
    }
  }
}
