package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.skein.kernel.Announcement;
import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.Workflows;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// Closing hands the runs back to the store, opening finds them again: also when everything happens
/// at once.
class HandOverTest {
  private static final WorkflowRef REF = new WorkflowRef("test", "flow", "1.0.0");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int REOPENINGS = 300;

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Map<WorkflowRef, Workflow> registered = new ConcurrentHashMap<>();

  private Engine open(MemoryStore store, Workflows workflows) {
    return new Engine(store, clock, workflows, EngineOptions.DEFAULT);
  }

  /// A store whose last owner was closed while its run slept; the sleep is over.
  private MemoryStore interrupted() throws InterruptedException {
    var store = new MemoryStore();
    try (var engine = open(store, _ -> HandOverTest::nap)) {
      engine.start(new Engine.Start(REF, Payload.of("in"), "r", 3));
      assertThat(engine.awaitQuiet(PATIENCE)).isTrue();
    }
    clock.advanceTo(clock.now().plusSeconds(1));
    return store.reopened();
  }

  private static Payload nap(Context context, Payload input) {
    context.sleep("nap", Duration.ofMillis(100));
    return input;
  }

  @Test
  void aWorkflowRegisteredRightAfterItWasLookedForInVainIsFoundAgain() throws Exception {
    var itself = new CompletableFuture<Engine>();
    var asked = new AtomicInteger();
    Workflows late =
        _ -> {
          if (asked.incrementAndGet() == 1) {
            itself.join().registered(REF);
            return null; // what was looked up before it was there
          }
          return HandOverTest::nap;
        };
    try (var engine = open(interrupted(), late)) {
      itself.complete(engine);
      assertThat(engine.await("r", PATIENCE)).isNotNull();
    }
  }

  @ParameterizedTest
  @Seeds(10)
  void aRunIsNeverLostWhenItsWorkflowIsRegisteredWhileItIsLoaded(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < REOPENINGS; i++) {
      registered.clear();
      try (var engine = open(interrupted(), registered::get)) {
        for (int spin = random.nextInt(3_000); spin > 0; spin--) {
          Thread.onSpinWait();
        }
        registered.put(REF, HandOverTest::nap);
        engine.registered(REF);
        RunRow row = engine.await("r", PATIENCE);
        assertThat(row).as("reopening %d", i).isNotNull();
      }
    }
  }

  @Test
  void aClosedEngineRefusesWhatItCanNoLongerKeep() {
    var store = new MemoryStore();
    var engine = open(store, _ -> HandOverTest::nap);
    engine.close();
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          assertThatThrownBy(() -> engine.start(Engine.Start.of(REF, Payload.EMPTY)))
              .isInstanceOf(EngineException.class);
          assertThatThrownBy(() -> engine.publish(List.of(event())))
              .isInstanceOf(EngineException.class)
              .hasMessageContaining("closed");
        });
  }

  private static Announcement event() {
    return new Announcement("e-1", "here", "go", Payload.EMPTY);
  }
}
