package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What takes how long, by the clock on the wall.
class TimingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path data;

  private static String workflow(String tasks) {
    return "document: {dsl: 1.0.3, namespace: test, name: timing, version: 1.0.0}\ndo:\n" + tasks;
  }

  @Test
  void theLoserOfARaceIsAbortedInTheMiddleOfItsCall() throws Exception {
    try (var server = new TestServer();
        Skein skein = Skein.open(data)) {
      skein.deploy(
          workflow(
              """
                - warm: {call: http, with: {method: get, endpoint: "${ .server + \\"/warm\\" }"}}
                - race:
                    fork:
                      compete: true
                      branches:
                        - quick: {wait: {milliseconds: 50}}
                        - slow: {call: http, with: {method: get, endpoint: "${ $workflow.input.server + \\"/hang\\" }"}}
              """));
      skein.start("timing", Json.NODES.objectNode().put("server", server.url()), "r");
      server.awaitRequest("GET /hang");
      RunView run = skein.await("r", PATIENCE);
      assertThat(run.status()).isEqualTo("completed");
      TaskView race =
          skein.tasks("r").stream().filter(t -> t.name().equals("race")).findFirst().orElseThrow();
      assertThat(Duration.between(race.startedAt(), race.endedAt()))
          .isLessThan(Duration.ofMillis(150));
      assertThat(
              skein.tasks("r").stream()
                  .filter(t -> t.name().equals("slow"))
                  .findFirst()
                  .orElseThrow())
          .extracting(TaskView::status)
          .isEqualTo("cancelled");
    }
  }

  @Test
  void aRestartInTheMiddleOfAWaitDoesNotBeginItAnew() throws Exception {
    Instant begun;
    try (Skein skein = Skein.open(data)) {
      skein.deploy(workflow("  - nap: {wait: {milliseconds: 1200}}\n"));
      begun = Instant.now();
      skein.start("timing", Json.NODES.objectNode(), "r");
      assertThat(skein.await("r", Duration.ofMillis(600))).isNull();
    }
    try (Skein skein = Skein.open(data)) {
      RunView run = skein.await("r", PATIENCE);
      assertThat(Duration.between(begun, run.row().progress().endedAt()))
          .isBetween(Duration.ofMillis(1200), Duration.ofMillis(1700));
    }
  }
}
