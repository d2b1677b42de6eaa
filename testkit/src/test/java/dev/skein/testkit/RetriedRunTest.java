package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Branch;
import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Fault;
import dev.skein.kernel.Retrying;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A faulted run that is retried, in a process that is killed after any of its commits.
class RetriedRunTest {
  private static final WorkflowRef REF = new WorkflowRef("test", "flow", "1.0.0");
  private static final int MOST_COMMITS = 40;

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<String> effects = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean broken = true;

  private Payload effect(String name) {
    effects.add(name);
    if (broken && name.equals("fails")) {
      throw new Fault(new Failure("broken", "not now"));
    }
    return Payload.of(name);
  }

  private Payload flow(Context context, Payload input) {
    context.step("first", _ -> effect("first"));
    context.fork(
        "both",
        2,
        List.of(
            new Branch<>("left", in -> in.step("left", _ -> effect("left"))),
            new Branch<>(
                "right",
                in -> {
                  in.step("before", _ -> effect("before"));
                  return in.step("fails", _ -> effect("fails"));
                })));
    return context.step("last", _ -> effect("last"));
  }

  private Simulation simulation(MemoryStore store) {
    return new Simulation(store, clock, _ -> this::flow, EngineOptions.DEFAULT);
  }

  private MemoryStore faulted() throws InterruptedException {
    var store = new MemoryStore();
    broken = true;
    try (var simulation = simulation(store)) {
      simulation.engine().start(new Engine.Start(REF, Payload.of("in"), "r", 3));
      assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.FAULTED);
    }
    broken = false;
    effects.clear();
    return store.reopened();
  }

  @Test
  void reachesItsEndWhicheverCommitIsTheLastOfItsProcess() throws InterruptedException {
    int crashes = 0;
    for (int n = 1; n <= MOST_COMMITS; n++) {
      MemoryStore store = faulted();
      boolean survived = retriedUntil(store, n);
      MemoryStore found = store.reopened();
      try (var next = simulation(found)) {
        RunRow row = found.run("r");
        if (row.status() == RunStatus.FAULTED) {
          new Retrying(next.engine()).retry("r", "again"); // it had not become durable
        }
        assertThat(next.settle("r").status())
            .as("after commit " + n)
            .isEqualTo(RunStatus.COMPLETED);
      }
      assertThat(effects).as("after commit " + n).doesNotContain("first", "before");
      assertThat(effects).contains("fails", "last");
      if (survived) {
        break;
      }
      crashes++;
    }
    assertThat(crashes)
        .as("commits, which may hold several entries")
        .isBetween(1, MOST_COMMITS - 1);
  }

  /// Whether it came to its end before that many commits.
  private boolean retriedUntil(MemoryStore store, int commits) throws InterruptedException {
    store.failAfter(commits);
    try (var simulation = simulation(store)) {
      new Retrying(simulation.engine()).retry("r", "mended");
      return simulation.settle("r").status().ended();
    } catch (StoreException | EngineException killed) {
      return false;
    }
  }
}
