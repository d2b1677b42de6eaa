package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.store.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// How long a page takes among many runs: `-Druns=1000000` finished ones, and 10,000 that are open.
@EnabledIfSystemProperty(named = "runs", matches = "\\d+")
class SearchSpeedTest {
  private static final int OPEN = 10_000;
  private static final int TIMES = 100;
  private static final int PAGE = 50;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration P99 = Duration.ofMillis(100);

  @TempDir private Path data;

  private static RunRow row(int place, RunStatus status) {
    Instant at = START.plusSeconds(place);
    long number = RunNumbers.firstAt(at);
    var progress = new RunRow.Progress(status, null, null, "", 0);
    String name = place % 1_000 == 7 ? "refund" : "checkout";
    String id = place % 2 == 0 ? "order-" + place : RunNumbers.id(number);
    return new RunRow(number, id, new WorkflowRef("shop", name, "1"), at, 3, null, progress);
  }

  private static Duration filled(SqliteStore store, int finished) {
    long begin = System.nanoTime();
    var changes = new ArrayList<Change>();
    for (int i = 0; i < finished + OPEN; i++) {
      boolean open = i % (finished / OPEN + 1) == 0;
      RunStatus ended = i % 10_000 == 9 ? RunStatus.FAULTED : RunStatus.COMPLETED;
      RunRow row = row(i, open ? RunStatus.WAITING : ended);
      changes.add(new Change.RunCreated(row));
      changes.add(
          new Change.AttributesSet(
              row.number(), Map.of("region", i % 4 == 0 ? "us" : "eu", "order", "o" + i)));
      if (changes.size() > 10_000) {
        store.commit(changes);
        changes.clear();
      }
    }
    store.commit(changes);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static RunFilter filter(
      Set<RunStatus> statuses, String workflow, Map<String, String> attributes, String text) {
    return new RunFilter(statuses, Set.of(), workflow, attributes, null, null, text, null, PAGE);
  }

  @Test
  void aPageOfAMillionRunsTakesLessThan100Milliseconds() {
    int finished = Integer.getInteger("runs");
    var all = Set.<RunStatus>of();
    var faulted = Set.of(RunStatus.FAULTED);
    var open = Set.of(RunStatus.WAITING, RunStatus.RUNNING);
    var none = Map.<String, String>of();
    var filters = new LinkedHashMap<String, RunFilter>();
    filters.put("newest", filter(all, null, none, null));
    filters.put("open", filter(open, null, none, null));
    filters.put("faulted", filter(faulted, null, none, null));
    filters.put("faulted refunds", filter(faulted, "refund", none, null));
    filters.put("no such workflow", filter(all, "nothing", none, null));
    filters.put("one order", filter(all, null, Map.of("order", "o77"), null));
    filters.put("many of a region", filter(all, null, Map.of("region", "us"), null));
    filters.put("faulted of a region", filter(faulted, null, Map.of("region", "us"), null));
    filters.put("completed of no region", filter(all, "refund", Map.of("region", "x"), null));
    filters.put("waiting of a region", filter(open, "refund", Map.of("region", "us"), null));
    filters.put("text of one", filter(all, null, none, "order-77"));
    filters.put("text of many", filter(all, null, none, "order-"));
    filters.put("text of none", filter(all, null, none, "zzz"));
    filters.put("faulted with text", filter(faulted, null, none, "o1"));
    try (var store = SqliteStore.open(data)) {
      System.out.println("filled in " + filled(store, finished));
      Duration worst = Duration.ZERO;
      for (var one : filters.entrySet()) {
        Duration p99 = p99(store, one.getValue(), one.getKey());
        worst = p99.compareTo(worst) > 0 ? p99 : worst;
      }
      assertThat(worst).isLessThan(P99);
    }
  }

  /// Walks through the pages, and begins again at their end.
  private static Duration p99(SqliteStore store, RunFilter filter, String name) {
    var took = new ArrayList<Duration>();
    Long next = null;
    int found = 0;
    for (int i = 0; i < TIMES; i++) {
      long begin = System.nanoTime();
      RunPage page = store.page(filter.page(next, PAGE));
      took.add(Duration.ofNanos(System.nanoTime() - begin));
      found += page.runs().size();
      next = page.next();
    }
    List<Duration> sorted = took.stream().sorted().toList();
    System.out.printf(
        "%-24s p50 %7.3f ms  p99 %7.3f ms  %d found%n",
        name, sorted.get(TIMES / 2).toNanos() / 1e6, sorted.get(TIMES - 2).toNanos() / 1e6, found);
    return sorted.get(TIMES - 2);
  }
}
