package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.Branch;
import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Moving;
import dev.skein.kernel.Moving.Difference;
import dev.skein.kernel.Moving.Verdict;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Open runs that are moved to another version of their workflow.
class MovedRunTest {
  private static final WorkflowRef ONE = new WorkflowRef("test", "flow", "1.0.0");
  private static final WorkflowRef TWO = new WorkflowRef("test", "flow", "2.0.0");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_COMMITS = 40;

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<String> effects = Collections.synchronizedList(new ArrayList<>());
  private final Map<WorkflowRef, Workflow> versions = new HashMap<>();
  private MemoryStore store = new MemoryStore();

  private Simulation open() {
    return new Simulation(store, clock, versions::get, EngineOptions.DEFAULT.checkpointEvery(5));
  }

  private void step(Context context, String name) {
    context.step(
        name,
        _ -> {
          effects.add(name);
          return Payload.of(name);
        });
  }

  private Workflow steps(String... names) {
    return (context, _) -> {
      for (String name : names) {
        if (name.equals("nap")) {
          context.sleep("nap", HOUR);
        } else {
          step(context, name);
        }
      }
      return Payload.of(context.workflow().version());
    };
  }

  /// A run of version 1 that sleeps after what it could do.
  private void begin(Simulation simulation) throws InterruptedException {
    simulation.engine().start(new Engine.Start(ONE, Payload.of("in"), "r", 3));
    assertThat(simulation.engine().awaitQuiet(Duration.ofSeconds(10))).isTrue();
  }

  private String outputOf(Simulation simulation) throws InterruptedException {
    assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.COMPLETED);
    return Engine.journal(store, store.run("r").number()).getLast().toString();
  }

  @Test
  void aRunThatFitsGoesOnWithTheOtherVersion() throws InterruptedException {
    versions.put(ONE, steps("a", "b", "nap", "c"));
    versions.put(TWO, steps("a", "b", "nap", "d"));
    try (var simulation = open()) {
      begin(simulation);
      var moving = new Moving(simulation.engine());
      assertThat(moving.check("r", "2.0.0")).isEqualTo(new Verdict(ONE, TWO, List.of()));
      assertThat(store.run("r").workflow()).isEqualTo(ONE);
      assertThat(moving.move("r", "2.0.0", "mended").fits()).isTrue();
      outputOf(simulation);
      assertThat(store.run("r").workflow()).isEqualTo(TWO);
    }
    assertThat(effects).containsExactly("a", "b", "d");
    assertThat(clock.now()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
  }

  @Test
  void whatDoesNotFitIsSaidAndTheRunStaysWithItsVersion() throws InterruptedException {
    versions.put(ONE, steps("a", "b", "c", "nap", "d"));
    versions.put(TWO, steps("a", "x", "nap"));
    try (var simulation = open()) {
      begin(simulation);
      Verdict verdict = new Moving(simulation.engine()).move("r", "2.0.0", "mended");
      assertThat(verdict.differences())
          .containsExactly(
              new Difference("the step /b", "the step /x"),
              new Difference("the step /c", null),
              new Difference("the timer /nap", null));
      outputOf(simulation);
      assertThat(store.run("r").workflow()).isEqualTo(ONE);
    }
    assertThat(effects).containsExactly("a", "b", "c", "d");
  }

  @Test
  void aRunThatWouldHaveEndedAlreadyDoesNotFit() throws InterruptedException {
    versions.put(ONE, steps("a", "nap", "b"));
    versions.put(TWO, steps("a"));
    try (var simulation = open()) {
      begin(simulation);
      assertThat(new Moving(simulation.engine()).check("r", "2.0.0").differences())
          .containsExactly(new Difference("the timer /nap", "the end of the run, completed"));
    }
  }

  @Test
  void aRunThatNoLongerFitsItsOwnVersionIsMovedToOneThatItFits() throws InterruptedException {
    versions.put(ONE, steps("a", "b", "nap", "c"));
    try (var simulation = open()) {
      begin(simulation);
    }
    store = store.reopened();
    versions.put(ONE, steps("a", "x", "nap", "c"));
    versions.put(TWO, steps("a", "b", "nap", "d"));
    try (var simulation = open()) {
      clock.advance(HOUR);
      assertThat(simulation.engine().awaitQuiet(Duration.ofSeconds(10))).isTrue();
      assertThat(store.run("r").status()).isEqualTo(RunStatus.SUSPENDED);
      assertThat(new Moving(simulation.engine()).move("r", "2.0.0", "mended").fits()).isTrue();
      outputOf(simulation);
      assertThat(store.incidents(store.run("r").number())).isEmpty();
    }
    assertThat(effects).containsExactly("a", "b", "d");
  }

  @Test
  void aRunThatAnOperatorHoldsStaysHeld() throws InterruptedException {
    versions.put(ONE, steps("a", "nap", "b"));
    versions.put(TWO, steps("a", "nap", "c"));
    try (var simulation = open()) {
      begin(simulation);
      simulation.engine().suspend("r", "wait");
      assertThat(new Moving(simulation.engine()).move("r", "2.0.0", "mended").fits()).isTrue();
      assertThat(store.run("r").status()).isEqualTo(RunStatus.SUSPENDED);
      simulation.engine().resume("r");
      outputOf(simulation);
    }
    assertThat(effects).containsExactly("a", "c");
  }

  private Workflow branches(boolean withLast) {
    return (context, _) -> {
      context.fork(
          "both",
          2,
          List.of(
              new Branch<>(
                  "left",
                  in -> {
                    step(in, "l1");
                    in.sleep("nap", HOUR);
                    step(in, "l2");
                    return Payload.of("l");
                  }),
              new Branch<>(
                  "right",
                  in -> {
                    step(in, "r1");
                    in.fork(
                        "deep",
                        1,
                        List.of(
                            new Branch<>(
                                "one",
                                deep -> {
                                  step(deep, "r2");
                                  return Payload.of("d");
                                })));
                    if (withLast) {
                      step(in, "r3");
                    }
                    return Payload.of("r");
                  })));
      step(context, "after");
      return Payload.of("done");
    };
  }

  @Test
  void everyBranchIsReplayedAsFarAsItCame() throws InterruptedException {
    versions.put(ONE, branches(true));
    versions.put(TWO, branches(true));
    try (var simulation = open()) {
      begin(simulation);
      assertThat(effects).containsExactlyInAnyOrder("l1", "r1", "r2", "r3");
      assertThat(new Moving(simulation.engine()).move("r", "2.0.0", "mended").fits()).isTrue();
      outputOf(simulation);
    }
    assertThat(effects).containsExactlyInAnyOrder("l1", "r1", "r2", "r3", "l2", "after");
  }

  @Test
  void whatOneBranchNoLongerDoesIsSaid() throws InterruptedException {
    versions.put(ONE, branches(true));
    versions.put(TWO, branches(false));
    try (var simulation = open()) {
      begin(simulation);
      assertThat(new Moving(simulation.engine()).check("r", "2.0.0").differences())
          .containsExactly(new Difference("the step /both/right/r3", null));
    }
  }

  /// Rounds of a step, with checkpoints between, inside a limit that is soon over.
  private Workflow rounds(int asleepIn, String last) {
    return (context, _) -> {
      Payload saved = context.restored();
      int from = saved == null ? 0 : Integer.parseInt(saved.text());
      for (int i = from; i < 20; i++) {
        String round = Integer.toString(i);
        context.checkpoint(() -> Payload.of(round));
        Context inside = context.iteration(i);
        step(inside, "round");
        if (i == asleepIn) {
          inside.limit(
              "limit",
              Duration.ofHours(2),
              in -> {
                in.sleep("nap", HOUR);
                return "";
              });
        }
      }
      step(context, last);
      return Payload.of("done");
    };
  }

  @Test
  void checkpointsOfTheOldVersionCountForNothing() throws InterruptedException {
    versions.put(ONE, rounds(17, "last"));
    versions.put(TWO, rounds(17, "other"));
    try (var simulation = open()) {
      begin(simulation);
      assertThat(store.run("r").progress().checkpoint()).isGreaterThan(1);
      assertThat(new Moving(simulation.engine()).move("r", "2.0.0", "mended").fits()).isTrue();
    }
    store = store.reopened();
    versions.remove(ONE);
    try (var simulation = open()) {
      outputOf(simulation);
    }
    assertThat(effects).hasSize(21).contains("other").doesNotContain("last");
  }

  @Test
  void whoIsThereAlreadyOrHasEndedOrGoesNowhereIsRefused() throws InterruptedException {
    versions.put(ONE, steps("nap"));
    try (var simulation = open()) {
      begin(simulation);
      var moving = new Moving(simulation.engine());
      assertThatThrownBy(() -> moving.check("r", "1.0.0"))
          .isInstanceOf(EngineException.class)
          .hasMessage("run r is of version 1.0.0 already");
      assertThatThrownBy(() -> moving.check("r", "3.0.0"))
          .hasMessage("there is no workflow test/flow:3.0.0; deploy it first");
      outputOf(simulation);
      assertThatThrownBy(() -> moving.check("r", "2.0.0")).hasMessageContaining("has ended");
    }
  }

  @Test
  void reachesItsEndWhicheverCommitIsTheLastOfItsProcess() throws InterruptedException {
    versions.put(ONE, steps("a", "b", "nap", "c"));
    versions.put(TWO, steps("a", "b", "nap", "d"));
    int crashes = 0;
    for (int n = 1; n <= MOST_COMMITS; n++) {
      store = new MemoryStore();
      effects.clear();
      try (var simulation = open()) {
        begin(simulation);
      }
      store = store.reopened();
      boolean survived = movedUntil(n);
      store = store.reopened();
      try (var next = open()) {
        if (store.run("r").status() == RunStatus.SUSPENDED) {
          next.engine().resume("r"); // it was held, and whoever held it is gone
        }
        outputOf(next);
        boolean moved = store.run("r").workflow().equals(TWO);
        assertThat(effects)
            .as("after commit " + n)
            .startsWith("a", "b")
            .contains(moved ? "d" : "c")
            .doesNotContain(moved ? "c" : "d");
      }
      if (survived) {
        break;
      }
      crashes++;
    }
    assertThat(crashes).isBetween(1, MOST_COMMITS - 1);
  }

  private boolean movedUntil(int commits) throws InterruptedException {
    store.failAfter(commits);
    try (var simulation = open()) {
      new Moving(simulation.engine()).move("r", "2.0.0", "mended");
      return simulation.settle("r").status().ended();
    } catch (StoreException | EngineException killed) {
      return false;
    }
  }
}
