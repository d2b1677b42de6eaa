package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.SystemClock;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import dev.skein.store.PostgresStore;
import dev.skein.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The database, or the way to it, is gone for a while.
class PostgresOutageTest {
  private static final WorkflowRef REF = new WorkflowRef("test", "ten", "1.0.0");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int STEPS = 10;
  private static final int RUNS = 50;
  private static final String CUT =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'skein'";

  private final PostgresServer server = PostgresServer.shared();

  private static Change frame(int sequence) {
    return new Change.FrameAppended(1, sequence, Payload.of("frame " + sequence));
  }

  private static List<Payload> frames(int count) {
    var frames = new ArrayList<Payload>();
    for (int sequence = 1; sequence <= count; sequence++) {
      frames.add(Payload.of("frame " + sequence));
    }
    return frames;
  }

  @Test
  void aCommitWhoseAnswerWasLostIsFoundToBeThereAndNotDoneAgain() throws Exception {
    try (var wire = new Wire(server.port());
        var store = PostgresStore.open(wire.through(server.newStore()))) {
      store.commit(List.of(frame(1)));
      wire.fail(Wire.Fault.LOSE_THE_ANSWER);
      store.commit(List.of(frame(2)));
      wire.awaitFaults(1);
      store.commit(List.of(frame(3)));
      assertThat(store.frames(1, 1, 10)).isEqualTo(frames(3));
    }
  }

  @Test
  void aCommitThatDidNotArriveIsSentAgain() throws Exception {
    try (var wire = new Wire(server.port());
        var store = PostgresStore.open(wire.through(server.newStore()))) {
      store.commit(List.of(frame(1)));
      wire.fail(Wire.Fault.LOSE_THE_REQUEST);
      store.commit(List.of(frame(2)));
      wire.awaitFaults(1);
      assertThat(store.frames(1, 1, 10)).isEqualTo(frames(2));
    }
  }

  @Test
  void runsGoOnWhenTheirConnectionsAreTerminated() throws Exception {
    var executions = new ConcurrentHashMap<String, AtomicInteger>();
    Workflow workflow =
        (context, _) -> {
          for (int i = 0; i < STEPS; i++) {
            context.step("step", attempt -> count(executions, attempt.idempotencyKey()));
          }
          return Payload.of("{}");
        };
    try (Store store = PostgresStore.open(server.newStore());
        var clock = new SystemClock();
        var engine = new Engine(store, clock, _ -> workflow, EngineOptions.DEFAULT)) {
      for (int i = 0; i < RUNS; i++) {
        engine.start(new Engine.Start(REF, Payload.of("{}"), "r" + i, 3));
        server.admin(CUT);
      }
      for (int i = 0; i < RUNS; i++) {
        RunRow row = engine.await("r" + i, PATIENCE);
        assertThat(row).isNotNull();
        assertThat(row.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(Engine.journal(store, row.number()))
            .filteredOn(Entry.StepCompleted.class::isInstance)
            .hasSize(STEPS);
      }
    }
    assertThat(executions).hasSize(RUNS * STEPS).allSatisfy((_, n) -> assertThat(n).hasValue(1));
  }

  private static Payload count(ConcurrentHashMap<String, AtomicInteger> executions, String key) {
    executions.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
    return Payload.of("{}");
  }

  @Test
  void aCommitWaitsForADatabaseThatIsStartedAgain() throws Exception {
    try (var own = PostgresServer.start();
        var store = PostgresStore.open(own.newStore())) {
      store.commit(List.of(frame(1)));
      own.stop();
      var commit = CompletableFuture.runAsync(() -> store.commit(List.of(frame(2))));
      var read = CompletableFuture.supplyAsync(() -> store.frames(1, 1, 1));
      assertThat(commit).isNotDone();
      own.startAgain();
      commit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(frames(1));
      assertThat(store.frames(1, 1, 10)).isEqualTo(frames(2));
    }
  }

  @Test
  void patienceHasAnEnd() throws Exception {
    try (var wire = new Wire(server.port());
        var store = PostgresStore.open(wire.through(server.newStore()) + "&patience=PT0.05S")) {
      store.commit(List.of(frame(1)));
      wire.cut();
      assertThatThrownBy(() -> store.commit(List.of(frame(2))))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.FAILED))
          .hasMessageContaining("PT0.05S");
    }
  }
}
