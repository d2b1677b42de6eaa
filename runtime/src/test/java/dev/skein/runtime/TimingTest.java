package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
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
  void aRaceBetween50MillisecondsAnd5SecondsIsOverIn150AndTheLosersCallIsAborted()
      throws Exception {
    try (var server = new SlowServer();
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
                        - slow: {call: http, with: {method: get, endpoint: "${ $workflow.input.server + \\"/slow\\" }"}}
              """));
      skein.start("timing", Json.NODES.objectNode().put("server", server.url()), "r");
      RunView run = skein.await("r", PATIENCE);
      assertThat(run.status()).isEqualTo("completed");
      TaskView race = task(skein, "race");
      assertThat(Duration.between(race.startedAt(), race.endedAt()))
          .isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
      assertThat(task(skein, "slow").status()).isEqualTo("cancelled");
      assertThat(server.stayed.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(1));
    }
  }

  private static TaskView task(Skein skein, String name) {
    return skein.tasks("r").stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aWaitOf6SecondsKilledAtTheThirdEnds6SecondsAfterItBegan(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), workflow("  - nap: {wait: PT6S}\n"));
    Process process = OwnProcess.start(data, file, "timing", "r");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("started");
      assertThat(process.waitFor(3, TimeUnit.SECONDS)).as("ended by itself").isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as("128 + SIGKILL").isEqualTo(137);
    try (Skein skein = Skein.open(data)) {
      RunView run = skein.await("r", PATIENCE);
      assertThat(run.status()).isEqualTo("completed");
      assertThat(Duration.between(run.row().startedAt(), run.row().progress().endedAt()))
          .isBetween(Duration.ofSeconds(6), Duration.ofMillis(6900));
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
