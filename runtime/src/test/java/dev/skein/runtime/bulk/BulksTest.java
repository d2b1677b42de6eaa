package dev.skein.runtime.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.runtime.Skein;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bulks that are interrupted by the end of the process.
class BulksTest {
  private static final int RUNS = 450;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
      do: [{hear: {listen: {to: {one: {with: {type: com.example.never}}}}}}]
      """;
  private static final String DONE =
      """
      document: {dsl: 1.0.3, namespace: shop, name: done, version: 1.0.0}
      do: [{count: {set: {n: 1}}}]
      """;

  @TempDir private Path data;

  private static Bulk await(Bulks bulks, String id, Predicate<Bulk> reached) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    Bulk bulk = Objects.requireNonNull(bulks.find(id));
    while (!reached.test(bulk) && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(2);
      bulk = Objects.requireNonNull(bulks.find(id));
    }
    assertThat(reached.test(bulk)).isTrue();
    return bulk;
  }

  private static void start(Skein skein, String workflow) {
    for (int i = 0; i < RUNS; i++) {
      skein.start(workflow, Map.of(), "run-" + i);
    }
  }

  private static RunFilter of(String workflow) {
    return new RunFilter(Set.of(), workflow, null, 10_000);
  }

  /// Begins a bulk, ends the process when some is done, and lets another do the rest.
  private Bulk interrupted(Action action, String workflow, String source) throws Exception {
    String id;
    try (Skein skein = Skein.open(data)) {
      var bulks = new Bulks(skein);
      skein.deploy(source);
      start(skein, workflow);
      skein.awaitQuiet(PATIENCE);
      List<String> runs = bulks.matching(action, of(workflow));
      assertThat(runs).hasSize(RUNS);
      id = bulks.begin(new Bulk.Order(action, "a test", "ann"), runs).id();
      await(bulks, id, bulk -> !bulk.done().isEmpty());
    }
    try (Skein skein = Skein.open(data)) {
      var bulks = new Bulks(skein);
      return await(bulks, id, Bulk::over);
    }
  }

  @Test
  void goesOnAfterTheProcessHasEnded() throws Exception {
    Bulk bulk = interrupted(Action.SUSPEND, "waits", WAITS);
    assertThat(bulk.done()).hasSize(RUNS).doesNotHaveDuplicates();
    assertThat(bulk.refusals()).isEmpty();
    assertThat(bulk.by()).isEqualTo("ann");
    try (Skein skein = Skein.open(data)) {
      assertThat(skein.list(of("waits"))).allMatch(run -> run.status() == RunStatus.SUSPENDED);
      var bulks = new Bulks(skein);
      Bulk undone = Objects.requireNonNull(bulks.undo(bulk, "back", "bob"));
      Bulk over = await(bulks, undone.id(), Bulk::over);
      assertThat(over.done()).hasSize(RUNS);
      assertThat(skein.list(of("waits"))).noneMatch(run -> run.status() == RunStatus.SUSPENDED);
    }
  }

  @Test
  void startsEachRunAgainOnce() throws Exception {
    Bulk bulk = interrupted(Action.RERUN, "done", DONE);
    assertThat(bulk.done()).hasSize(RUNS);
    try (Skein skein = Skein.open(data)) {
      assertThat(skein.list(of("done"))).hasSize(2 * RUNS);
    }
  }

  @Test
  void leavesWhatSkeinHasForItselfAlone() throws Exception {
    try (Skein skein = Skein.open(data)) {
      var bulks = new Bulks(skein);
      skein.deploy(WAITS);
      String id = skein.start("shop/waits", Map.of());
      Bulk suspended = bulks.begin(new Bulk.Order(Action.SUSPEND, "x", "ann"), List.of(id));
      await(bulks, suspended.id(), Bulk::over);
      assertThat(bulks.matching(Action.RERUN, RunFilter.newest(10))).isEmpty();
      assertThat(bulks.matching(Action.RESUME, RunFilter.newest(10))).containsExactly(id);
      assertThat(bulks.find(id)).isNull();
    }
  }
}
