package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;

class ReplayTest {
  private static final WorkflowRef REF = new WorkflowRef("test", "random", "1.0.0");
  private static final int MOST_CRASHES = 2_000;

  private record Outcome(String status, String result, Map<String, Integer> ledger) {}

  @ParameterizedTest(name = "seed {0}")
  @Seeds(200)
  void aProgramThatCrashesAfterEveryFewCommitsEndsLikeOneThatNeverDoes(long seed) throws Exception {
    Outcome calm = run(seed, Integer.MAX_VALUE);
    Outcome stormy = run(seed, 3);
    assertThat(stormy).isEqualTo(calm);
  }

  private static Outcome run(long seed, int longestLife) throws InterruptedException {
    var random = new SplittableRandom(seed);
    var clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
    var program = new RandomProgram(seed);
    var store = new MemoryStore();
    int crashes = 0;
    while (true) {
      if (longestLife < Integer.MAX_VALUE) {
        store.failAfter(random.nextInt(1, longestLife + 1));
      }
      try (var simulation =
          new Simulation(store, clock, _ -> program, EngineOptions.DEFAULT.checkpointEvery(1))) {
        RunRow row = live(simulation);
        if (row != null && row.status().ended()) {
          assertNothingRanTooOften(program, crashes);
          return outcome(store, row, program);
        }
        assertThat(row == null || row.status().code() != 3)
            .as("diverged: %s", row == null ? "" : store.incidents(row.number()))
            .isTrue();
      }
      crashes++;
      assertThat(crashes).isLessThan(MOST_CRASHES);
      store = store.reopened();
    }
  }

  private static RunRow live(Simulation simulation) throws InterruptedException {
    try {
      simulation.engine().start(new Engine.Start(REF, Payload.of("in"), "r", 3));
      return simulation.settle("r");
    } catch (StoreException killed) {
      return null;
    }
  }

  /// A step in flight at a crash runs once more, with the same key; a finished one never.
  private static void assertNothingRanTooOften(RandomProgram program, int crashes) {
    program.executions.forEach(
        (key, times) -> assertThat(times).as(key).isLessThanOrEqualTo(1 + crashes));
    int all = program.executions.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(all).isLessThanOrEqualTo(program.executions.size() + 3 * crashes);
  }

  private static Outcome outcome(MemoryStore store, RunRow row, RandomProgram program) {
    var end = (Entry.RunEnded) Engine.journal(store, row.number()).getLast();
    String result = end.output() == null ? String.valueOf(end.failure()) : end.output().text();
    return new Outcome(row.status().toString(), result, new TreeMap<>(program.ledger));
  }
}
