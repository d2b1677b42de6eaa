package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;

/// Three nodes that share a store, in virtual time: they are killed, cut off for longer than their
/// lease and come back, leave, lose answers to commits. Whatever happens, every run that was
/// accepted ends, as it would have ended undisturbed, with each of its effects once.
class ClusterSimulationTest {
  private static final int NODES = 3;
  private static final int RUNS = 3;
  private static final int MOST_TURNS = 20_000;
  private static final int MOST_FAULTS = 12;
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private record Outcome(String status, String result, Map<String, Integer> ledger) {}

  private static WorkflowRef ref(int run) {
    return new WorkflowRef("test", "random-" + run, "1.0.0");
  }

  @ParameterizedTest(name = "seed {0}")
  @Seeds(300)
  void everyRunEndsAsIfNothingHadHappened(long seed) throws Exception {
    Map<Integer, Outcome> calm = undisturbed(seed);
    var disturbed = new Disturbed(seed);
    assertThat(disturbed.run()).isEqualTo(calm);
    assertThat(disturbed.cluster.broken()).isEmpty();
  }

  private static Map<Integer, RandomProgram> programs(long seed) {
    var programs = new LinkedHashMap<Integer, RandomProgram>();
    for (int run = 0; run < RUNS; run++) {
      programs.put(run, new RandomProgram(seed * RUNS + run, false));
    }
    return programs;
  }

  private static Map<Integer, Outcome> undisturbed(long seed) throws InterruptedException {
    var outcomes = new TreeMap<Integer, Outcome>();
    for (var one : programs(seed).entrySet()) {
      var store = new MemoryStore();
      var clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
      var options = EngineOptions.DEFAULT;
      try (var simulation = new Simulation(store, clock, _ -> one.getValue(), options)) {
        simulation.engine().start(new Engine.Start(ref(one.getKey()), Payload.of("in"), "r", 3));
        outcomes.put(one.getKey(), outcome(store, simulation.settle("r"), one.getValue()));
      }
    }
    return outcomes;
  }

  private static Outcome outcome(MemoryStore store, RunRow row, RandomProgram program) {
    var end = (Entry.RunEnded) Engine.journal(store, row.number()).getLast();
    String result = end.output() == null ? String.valueOf(end.failure()) : end.output().text();
    return new Outcome(row.status().toString(), result, new TreeMap<>(byPath(program)));
  }

  /// Keys begin with the run's id, which differs.
  private static Map<String, Integer> byPath(RandomProgram program) {
    var ledger = new TreeMap<String, Integer>();
    program.ledger.forEach((key, amount) -> ledger.put(key.substring(key.indexOf('/')), amount));
    return ledger;
  }

  /// The same on three nodes that faults happen to, drawn from the seed.
  private static final class Disturbed {
    final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
    final MemoryCluster cluster = new MemoryCluster(clock, LEASE);
    final SplittableRandom random;
    final Map<Integer, RandomProgram> programs;
    final List<Process> processes = new ArrayList<>();
    int faults;

    Disturbed(long seed) {
      this.random = new SplittableRandom(seed);
      this.programs = programs(seed);
    }

    private Workflow find(WorkflowRef ref) {
      return programs.get(Integer.parseInt(ref.name().substring("random-".length())));
    }

    private final class Process {
      MemoryNode node = cluster.node();
      Engine engine = start();
      Instant thawAt = Instant.MAX;

      private Engine start() {
        return new Engine(
            node.store(),
            clock,
            Disturbed.this::find,
            EngineOptions.DEFAULT.checkpointEvery(2).horizon(Duration.ofDays(400)));
      }

      private void restart() {
        engine.close();
        node = cluster.node();
        thawAt = Instant.MAX;
        engine = start();
      }
    }

    Map<Integer, Outcome> run() throws InterruptedException {
      for (int i = 0; i < NODES; i++) {
        processes.add(new Process());
      }
      try {
        programs.keySet().forEach(this::begin);
        for (int turn = 0; !allEnded(); turn++) {
          assertThat(turn).as("turns").isLessThan(MOST_TURNS);
          disturb();
          settle();
          thaw();
          clock.advanceTo(clock.next());
          programs.keySet().forEach(this::beginAgain);
        }
        return outcomes();
      } finally {
        for (Process process : processes) {
          process.node.thaw();
          process.engine.close();
        }
      }
    }

    /// Whoever asks for a run and gets no answer asks again, elsewhere, for the same.
    private void beginAgain(int run) {
      if (cluster.data().run("r" + run) == null) {
        begin(run);
      }
    }

    private void begin(int run) {
      Process process = processes.get(random.nextInt(NODES));
      if (process.node.fate() != null) {
        return;
      }
      if (random.nextInt(4) == 0) {
        process.node.loseNextAnswer();
        faults++;
      }
      try {
        process.engine.start(new Engine.Start(ref(run), Payload.of("in"), "r" + run, 3));
      } catch (StoreException | EngineException unanswered) {
        assertThat(unanswered).isNotNull();
      }
    }

    private boolean allEnded() {
      return programs.keySet().stream()
          .map(run -> cluster.data().run("r" + run))
          .allMatch(row -> row != null && row.status().ended());
    }

    private void disturb() {
      if (faults >= MOST_FAULTS || random.nextInt(3) > 0) {
        return;
      }
      Process process = processes.get(random.nextInt(NODES));
      if (process.node.fate() != null) {
        return;
      }
      faults++;
      switch (random.nextInt(4)) {
        case 0 -> {
          process.node.kill();
          process.restart();
        }
        case 1 -> process.restart();
        case 2 -> process.node.loseNextAnswer();
        default -> {
          process.node.freeze();
          process.thawAt = clock.now().plusSeconds(random.nextInt(1, 3_000));
        }
      }
    }

    private void thaw() {
      for (Process process : processes) {
        if (!process.thawAt.isAfter(clock.now())) {
          process.thawAt = Instant.MAX;
          process.node.thaw();
        }
      }
    }

    private void settle() throws InterruptedException {
      for (int i = 0; i < 2; i++) {
        for (Process process : processes) {
          if (process.node.fate() == null) {
            assertThat(process.engine.awaitQuiet(PATIENCE)).as("quiet").isTrue();
            commitAll(process);
          }
        }
      }
    }

    private static void commitAll(Process process) {
      try {
        process.engine.commit(List.of());
      } catch (StoreException | EngineException rejoining) {
        assertThat(rejoining).isNotNull();
      }
    }

    private Map<Integer, Outcome> outcomes() {
      var outcomes = new TreeMap<Integer, Outcome>();
      programs.forEach((run, program) ->
          outcomes.put(run, outcome(cluster.data(), cluster.data().run("r" + run), program)));
      return outcomes;
    }
  }
}
