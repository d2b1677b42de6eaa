package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Announcement;
import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.EventFilter;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;

/// Three nodes that share a store, in virtual time: they are killed, cut off for longer than their
/// lease and come back, leave, lose answers to commits, while runs are suspended and resumed and
/// events are published by way of any of them. Whatever happens, every run that was accepted ends,
/// as it would have ended undisturbed, with each of its effects once, and hears every event in its
/// order.
class ClusterSimulationTest {
  private static final int NODES = 3;
  private static final int RUNS = 3;
  private static final int MOST_TURNS = 20_000;
  private static final int MOST_FAULTS = 12;
  private static final int MOST_HELD = 4;
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private record Outcome(String status, String result, Map<String, Integer> ledger) {}

  private static final int EVENTS = 6;
  private static final WorkflowRef HEARING = new WorkflowRef("test", "hearing", "1.0.0");

  /// Hears so many events, one after the other.
  private static Payload hear(Context context, Payload input) {
    var heard = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      heard.append(context.await("event", List.of(EventFilter.ofType("tick"))).text());
    }
    return Payload.of(heard.toString());
  }

  private static WorkflowRef ref(int run) {
    return new WorkflowRef("test", "random-" + run, "1.0.0");
  }

  @ParameterizedTest(name = "seed {0}")
  @Seeds(1_000)
  void everyRunEndsAsIfNothingHadHappened(long seed) throws Exception {
    Map<Integer, Outcome> calm = undisturbed(seed);
    var disturbed = new Disturbed(seed);
    assertThat(disturbed.run()).isEqualTo(calm);
    assertThat(disturbed.cluster.broken()).isEmpty();
    assertThat(disturbed.heard()).isEqualTo("012345");
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
    final AtomicInteger refused = new AtomicInteger();
    int faults;
    int held;
    Instant nextHold = Instant.MIN;

    Disturbed(long seed) {
      this.random = new SplittableRandom(seed);
      this.programs = programs(seed);
    }

    private Workflow find(WorkflowRef ref) {
      return ref.equals(HEARING)
          ? ClusterSimulationTest::hear
          : programs.get(Integer.parseInt(ref.name().substring("random-".length())));
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
        for (int turn = 0; !allEnded(); turn++) {
          assertThat(turn).as("turns").isLessThan(MOST_TURNS);
          programs.keySet().forEach(run -> beginAgain("r" + run, ref(run)));
          beginAgain("hearing", HEARING);
          publish();
          holdOrRelease();
          disturb();
          settle();
          thaw();
          clock.advanceTo(clock.next());
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
    private void beginAgain(String id, WorkflowRef ref) {
      if (cluster.data().run(id) == null) {
        anywhere(engine -> engine.start(new Engine.Start(ref, Payload.of("in"), id, 3)));
      }
    }

    /// The next event once the one before is sure to be there; one that may be there already is
    /// published again.
    private void publish() {
      long there = cluster.data().lastEvent();
      boolean listening = cluster.data().run("hearing") != null;
      if (listening && there < EVENTS && random.nextInt(3) == 0) {
        String id = String.valueOf(there);
        anywhere(engine ->
            engine.publish(List.of(new Announcement("sender", id, "tick", Payload.of(id)))));
      }
    }

    /// Whoever was suspended is resumed some time later.
    private void holdOrRelease() {
      RunRow row = cluster.data().run("r" + random.nextInt(RUNS));
      if (row == null || row.status().ended() || clock.now().isBefore(nextHold)) {
        return;
      }
      nextHold = clock.now().plusSeconds(60); // else what is asked of a frozen node piles up
      if (row.status() == RunStatus.SUSPENDED) {
        anywhere(engine -> engine.resume(row.id()));
      } else if (held < MOST_HELD && random.nextInt(4) == 0) {
        held++;
        anywhere(engine -> engine.suspend(row.id(), "to look at it"));
      }
    }

    /// By way of a node that is in reach, which may fail at it; not on this thread, since what is
    /// asked of a node that is about to be cut off may be answered late.
    private void anywhere(Consumer<Engine> action) {
      Process process = processes.get(random.nextInt(NODES));
      if (process.node.fate() != null) {
        return;
      }
      if (random.nextInt(8) == 0) {
        process.node.loseNextAnswer();
      }
      Engine engine = process.engine;
      engine.aside(
          "client",
          () -> {
            try {
              action.accept(engine);
            } catch (StoreException | EngineException unanswered) {
              refused.incrementAndGet();
            }
          });
    }

    String heard() {
      RunRow row = cluster.data().run("hearing");
      var end = (Entry.RunEnded) Engine.journal(cluster.data(), row.number()).getLast();
      return end.output().text();
    }

    private boolean allEnded() {
      return Stream.concat(programs.keySet().stream().map(run -> "r" + run), Stream.of("hearing"))
          .map(id -> cluster.data().run(id))
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
