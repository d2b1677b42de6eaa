package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Fault;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Checkpoints inside scopes and limits.
class CheckpointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final WorkflowRef REF = new WorkflowRef("test", "loop", "1.0.0");

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<String> effects = new ArrayList<>();
  private MemoryStore store = new MemoryStore();

  private Simulation open(Workflow workflow) {
    return new Simulation(store, clock, _ -> workflow, EngineOptions.DEFAULT.checkpointEvery(1));
  }

  /// Ten rounds of a step and an hour's sleep, inside a limit and a scope.
  private Payload rounds(Context context, Duration limit) {
    Payload saved = context.restored();
    int from = saved == null ? 0 : Integer.parseInt(saved.text());
    try {
      return context.limit(
          "limit",
          limit,
          in -> {
            Context inside = in.scope("rounds");
            for (int i = from; i < 10; i++) {
              String round = Integer.toString(i);
              inside.checkpoint(() -> Payload.of(round));
              inside.step("count", _ -> effect(round));
              inside.sleep("nap", Duration.ofHours(1));
            }
            return Payload.of("done");
          });
    } catch (TimedOut timedOut) {
      return Payload.of("stopped at " + context.now());
    }
  }

  private Payload effect(String name) {
    effects.add(name);
    return Payload.of(name);
  }

  /// The output after a crash in every nap.
  private String outputWithCrashes(Duration limit) throws Exception {
    Workflow workflow = (context, _) -> rounds(context, limit);
    Simulation simulation = open(workflow);
    simulation.engine().start(new Engine.Start(REF, Payload.of("null"), "r", 3));
    for (int crash = 0; crash < 30; crash++) {
      assertThat(simulation.engine().awaitQuiet(PATIENCE)).isTrue();
      RunRow row = store.run("r");
      if (row.status().ended()) {
        assertThat(row.status()).isEqualTo(RunStatus.COMPLETED);
        var end = (Entry.RunEnded) Engine.journal(store, row.number()).getLast();
        simulation.close();
        return end.output().text();
      }
      MemoryStore left = store.reopened();
      simulation.close();
      store = left;
      simulation = open(workflow);
      assertThat(simulation.engine().awaitQuiet(PATIENCE)).isTrue();
      clock.advanceTo(clock.next());
    }
    simulation.close();
    throw new AssertionError("the run did not end");
  }

  @Test
  void aRunGoesOnInsideItsLimitAndScopesWithoutDoingAnythingTwice() throws Exception {
    assertThat(outputWithCrashes(Duration.ofHours(24))).isEqualTo("done");
    assertThat(effects).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  @Test
  void aLimitThatWasOpenAtACheckpointKeepsItsTime() throws Exception {
    assertThat(outputWithCrashes(Duration.ofMinutes(270)))
        .isEqualTo("stopped at 2026-01-01T04:30:00Z");
    assertThat(effects).containsExactly("0", "1", "2", "3", "4");
  }

  @Test
  void whatIsRegisteredInAScopeIsUndoneByItAfterACheckpoint() throws Exception {
    Workflow workflow =
        (context, _) -> {
          boolean restored = context.restored() != null;
          Context inside = context.scope("try");
          if (!restored) {
            inside.step("do", _ -> effect("do"));
            inside.compensate(undo());
          } else {
            inside.register(new Context.Registered(inside.path(), undo()));
          }
          inside.checkpoint(() -> Payload.of("here"));
          inside.sleep("nap", Duration.ofHours(1));
          inside.undo(dev.skein.kernel.SagaRules.Order.REVERSE);
          return Payload.of("undone");
        };
    Simulation simulation = open(workflow);
    simulation.engine().start(new Engine.Start(REF, Payload.of("null"), "r", 3));
    simulation.engine().awaitQuiet(PATIENCE);
    simulation.close();
    store = store.reopened();
    simulation = open(workflow);
    assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.COMPLETED);
    simulation.close();
    assertThat(effects).containsExactly("do", "undo");
  }

  private dev.skein.kernel.Compensation undo() throws Fault {
    return new dev.skein.kernel.Compensation(
        "do", Payload.EMPTY, null, (at, _) -> at.step("undo", _ -> effect("undo")));
  }
}
