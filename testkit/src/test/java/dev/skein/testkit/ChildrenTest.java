package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Branch;
import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Fault;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Runs that start other runs.
class ChildrenTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<String, Workflow> code = new ConcurrentHashMap<>();
  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private MemoryStore store = new MemoryStore();
  private Simulation simulation = open();

  private Simulation open() {
    return new Simulation(store, clock, ref -> code.get(ref.name()), EngineOptions.DEFAULT);
  }

  private void crash() {
    MemoryStore left = store.reopened();
    simulation.close();
    store = left;
    simulation = open();
  }

  @AfterEach
  void close() {
    simulation.close();
  }

  private static WorkflowRef ref(String name) {
    return new WorkflowRef("test", name, "1.0.0");
  }

  private void start(Workflow parent) throws Exception {
    code.put("parent", parent);
    simulation.engine().start(new Engine.Start(ref("parent"), Payload.of("7"), "parent", 3));
    assertThat(simulation.engine().awaitQuiet(PATIENCE)).isTrue();
  }

  private static Context.Child child(Payload input) {
    return new Context.Child(ref("child"), input, false);
  }

  private static Payload startAndJoin(Context context, Payload input) {
    return context.join("join", context.child("child", child(input)));
  }

  private RunRow childRow() {
    return store.runs(RunFilter.newest(10)).stream()
        .filter(row -> row.parent() != null)
        .findFirst()
        .orElseThrow();
  }

  private Entry.RunEnded end(RunRow row) {
    return (Entry.RunEnded) Engine.journal(store, row.number()).getLast();
  }

  private static Payload napping(Context context, Payload input) {
    context.sleep("nap", Duration.ofHours(1));
    return Payload.of(input.text() + "!");
  }

  @Test
  void theOutputOfTheChildIsTheOutcomeForItsParentAlsoAfterCrashes() throws Exception {
    code.put("child", ChildrenTest::napping);
    start(ChildrenTest::startAndJoin);
    assertThat(store.run("parent").status()).isEqualTo(RunStatus.WAITING);
    crash();
    RunRow row = simulation.settle("parent");
    while (!row.status().ended()) {
      clock.advanceTo(clock.next());
      row = simulation.settle("parent");
    }
    assertThat(end(row).output().text()).isEqualTo("7!");
    assertThat(store.runs(RunFilter.newest(10))).hasSize(2);
    assertThat(childRow().parent()).isEqualTo(new RunRow.Parent(row.number(), false));
  }

  @Test
  void theFaultOfTheChildIsThrownToItsParent() throws Exception {
    code.put(
        "child",
        (_, _) -> {
          throw new Fault(new Failure("declined", "the card was declined"));
        });
    start(ChildrenTest::startAndJoin);
    RunRow row = simulation.settle("parent");
    assertThat(row.status()).isEqualTo(RunStatus.FAULTED);
    assertThat(end(row).failure()).isEqualTo(new Failure("declined", "the card was declined"));
  }

  @Test
  void aWorkflowThatIsNotThereIsAFaultOfTheParent() throws Exception {
    start(ChildrenTest::startAndJoin);
    RunRow row = simulation.settle("parent");
    assertThat(end(row).failure().type()).isEqualTo(Fault.NO_SUCH_WORKFLOW);
  }

  @Test
  void theEndOfTheParentCancelsChildrenThatAreNotAbandoned() throws Exception {
    code.put("child", ChildrenTest::napping);
    start((context, input) -> {
      context.child("kept", child(input));
      context.child("left", new Context.Child(ref("child"), Payload.of("left"), true));
      return input;
    });
    simulation.engine().awaitQuiet(PATIENCE);
    clock.advanceTo(clock.now().plus(Duration.ofHours(2)));
    simulation.engine().awaitQuiet(PATIENCE);
    assertThat(store.runs(RunFilter.newest(10)))
        .filteredOn(row -> row.parent() != null)
        .extracting(RunRow::status)
        .containsExactlyInAnyOrder(RunStatus.CANCELLED, RunStatus.COMPLETED);
  }

  @Test
  void theEndOfTheParentCancelsItsChildrenAlsoWhenACrashComesBetween() throws Exception {
    code.put("child", ChildrenTest::napping);
    start((context, input) -> {
      context.child("kept", child(input));
      context.sleep("nap", Duration.ofMinutes(1));
      return input;
    });
    MemoryStore left = store.reopened();
    simulation.close();
    RunRow parent = left.run("parent");
    var ended = new RunRow.Progress(RunStatus.COMPLETED, clock.now(), null, "", 0);
    left.commit(List.of(new dev.skein.kernel.store.Change.RunProgressed(parent.number(), ended)));
    store = left;
    simulation = open();
    simulation.engine().awaitQuiet(PATIENCE);
    assertThat(childRow().status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void theLosingBranchOfARaceCancelsTheChildItWaitsFor() throws Exception {
    code.put("child", ChildrenTest::napping);
    start((context, input) -> {
      context.race(
          "race",
          List.of(
              new Branch<>("slow", at -> startAndJoin(at, input)),
              new Branch<>(
                  "fast",
                  at -> {
                    at.sleep("nap", Duration.ofMinutes(1));
                    return input;
                  })));
      context.sleep("more", Duration.ofMinutes(1));
      return input;
    });
    clock.advanceTo(clock.now().plus(Duration.ofMinutes(1)));
    simulation.engine().awaitQuiet(PATIENCE);
    assertThat(childRow().status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(simulation.settle("parent").status()).isEqualTo(RunStatus.COMPLETED);
  }
}
