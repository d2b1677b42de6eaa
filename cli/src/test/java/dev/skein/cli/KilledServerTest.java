package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed again and again while runs are started on it.
class KilledServerTest {
  private static final int KILLS = Integer.getInteger("kills", 20);
  private static final int STARTS_PER_SECOND = 200;
  private static final String WORK =
      """
      document: {dsl: 1.0.3, namespace: shop, name: work, version: 1.0.0}
      do:
        - a: {set: {x: 1}}
        - w: {wait: {milliseconds: 30}}
        - b: {set: {x: "${ .x + 1 }"}}
      """;

  @TempDir private Path folder;

  @Test
  @Timeout(240)
  void whatWasPromisedIsKept() throws Exception {
    try (var server = new ServerProcess(folder.resolve("data"))) {
      server.deploy(WORK);
      var starters = new Starters(List.of(server), STARTS_PER_SECOND, "shop", "work");
      var random = new Random(KILLS);
      for (int i = 0; i < KILLS; i++) {
        TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(400));
        server.kill();
        server.start();
      }
      starters.stop();
      server.settled(Duration.ofSeconds(60));
      Set<String> there = server.runs("completed");
      System.out.printf(
          "%d kills: %d runs promised, all kept%n", KILLS, starters.promised().size());
      assertThat(there).containsAll(starters.promised());
      assertThat(starters.asked()).containsAll(there);
      assertThat(starters.promised().size()).isGreaterThan(10 * KILLS);
    }
  }
}
