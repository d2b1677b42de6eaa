package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/// So many runs that no filter may look at all of them, with values that many, some and few of them
/// have.
final class SearchedRuns {
  private static final int RUNS = 9_000;
  private static final int FILTERS = Integer.getInteger("filters", 200);
  private static final int PAGES_WALKED = 60;
  private static final long SEED = 20_261;
  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

  private final Store store;
  private final List<RunRow> newestFirst = new ArrayList<>();
  private final Map<Long, Map<String, String>> attributes = new HashMap<>();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  SearchedRuns(Store store) {
    this.store = store;
    var changes = new ArrayList<Change>();
    for (int i = 0; i < RUNS; i++) {
      add(i, changes);
      if (changes.size() > 1_000) {
        store.commit(changes);
        changes.clear();
      }
    }
    store.commit(changes);
  }

  private void add(int place, List<Change> changes) {
    Instant at = START.plusSeconds(place);
    long number = RunNumbers.firstAt(at) + random.nextInt(1_000);
    String id = place % 3 == 0 ? "order-" + place : RunNumbers.id(number);
    String name = place % 100 == 7 ? "refund" : "checkout";
    String namespace = place % 2 == 0 ? "shop" : "store";
    var progress = new RunRow.Progress(status(place), null, null, "", 0);
    var row =
        new RunRow(number, id, new WorkflowRef(namespace, name, "1.0.0"), at, 3, null, progress);
    changes.add(new Change.RunCreated(row));
    newestFirst.addFirst(row);
    var named = new LinkedHashMap<String, String>();
    named.put("region", place % 5 == 0 ? "us" : "eu");
    if (place % 10 == 0) {
      named.put("customer", "c" + place % 300);
    }
    attributes.put(number, named);
    changes.add(new Change.AttributesSet(number, named));
  }

  private static RunStatus status(int place) {
    return place % 500 == 3
        ? RunStatus.FAULTED
        : place % 50 == 1 ? RunStatus.WAITING : RunStatus.COMPLETED;
  }

  void findWhatAWalkFinds() {
    for (int i = 0; i < FILTERS; i++) {
      RunFilter filter = filter();
      List<RunRow> expected = newestFirst.stream().filter(row -> fits(row, filter)).toList();
      assertThat(store.runs(filter.page(null, RUNS + 1))).as(filter.toString()).isEqualTo(expected);
      assertThat(firstPages(filter))
          .as("page by page " + filter)
          .isEqualTo(expected.stream().limit((long) PAGES_WALKED * filter.limit()).toList());
    }
  }

  /// A page may hold less than it was asked for before the end, so more of them are walked than are
  /// compared.
  private List<RunRow> firstPages(RunFilter filter) {
    var found = new ArrayList<RunRow>();
    RunPage page = store.page(filter);
    found.addAll(page.runs());
    while (page.next() != null && found.size() < PAGES_WALKED * filter.limit()) {
      assertThat(page.runs().size()).isLessThanOrEqualTo(filter.limit());
      page = store.page(filter.page(page.next(), filter.limit()));
      found.addAll(page.runs());
    }
    return found.subList(0, Math.min(found.size(), PAGES_WALKED * filter.limit()));
  }

  private RunFilter filter() {
    var wanted = new HashMap<String, String>();
    if (random.nextInt(3) == 0) {
      wanted.put("region", oneOf("us", "eu", "nowhere"));
    }
    if (random.nextInt(4) == 0) {
      wanted.put("customer", oneOf("c0", "c10", "c290"));
    }
    int first = random.nextInt(RUNS);
    return new RunFilter(
        statuses(),
        namespaces(),
        random.nextInt(2) == 0 ? oneOf("checkout", "refund", "none") : null,
        wanted,
        random.nextInt(4) == 0 ? START.plusSeconds(first) : null,
        random.nextInt(4) == 0 ? START.plusSeconds(first + 2_000L) : null,
        random.nextInt(4) == 0 ? oneOf("order-1", "order-4242", "c29", "0", "é", "eu") : null,
        null,
        oneOf(7, 300, 4_000));
  }

  private Set<String> namespaces() {
    return switch (random.nextInt(6)) {
      case 0 -> Set.of("shop");
      case 1 -> Set.of("store", "none");
      default -> Set.of();
    };
  }

  private Set<RunStatus> statuses() {
    return switch (random.nextInt(4)) {
      case 0 -> Set.of(RunStatus.FAULTED);
      case 1 -> Set.of(RunStatus.COMPLETED, RunStatus.WAITING);
      case 2 -> Set.of(RunStatus.WAITING, RunStatus.RUNNING, RunStatus.FAULTED);
      default -> Set.of();
    };
  }

  @SafeVarargs
  private <T> T oneOf(T... values) {
    return values[random.nextInt(values.length)];
  }

  private boolean fits(RunRow row, RunFilter filter) {
    Map<String, String> named = attributes.getOrDefault(row.number(), Map.of());
    return (filter.statuses().isEmpty() || filter.statuses().contains(row.status()))
        && (filter.namespaces().isEmpty()
            || filter.namespaces().contains(row.workflow().namespace()))
        && same(filter.workflow(), row.workflow().name())
        && named.entrySet().containsAll(filter.attributes().entrySet())
        && (filter.from() == null || !row.startedAt().isBefore(filter.from()))
        && (filter.to() == null || row.startedAt().isBefore(filter.to()))
        && (filter.text() == null || begins(row, named, filter.text()));
  }

  private static boolean begins(RunRow row, Map<String, String> named, String text) {
    return row.id().startsWith(text) || named.values().stream().anyMatch(v -> v.startsWith(text));
  }

  private static boolean same(@Nullable String wanted, String found) {
    return wanted == null || wanted.equals(found);
  }
}
