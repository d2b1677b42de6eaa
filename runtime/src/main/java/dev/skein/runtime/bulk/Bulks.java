package dev.skein.runtime.bulk;

import dev.skein.kernel.EngineException;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Skein;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Does things to all runs that a filter lists. How far it got is known while this process lives:
/// what was done to a run is durable with the run. Guarded by its monitor.
public final class Bulks {
  private static final int MOST_RUNS = 100_000;
  private static final int RUNS_A_PAGE = 1_000;
  private static final int MOST_KEPT = 100;

  private final Skein skein;
  private final Map<String, Bulk> all = new LinkedHashMap<>();

  public Bulks(Skein skein) {
    this.skein = skein;
  }

  /// The ids of the runs that it would be done to.
  ///
  /// @throws EngineException `UNFIT` if those are too many at once
  public List<String> matching(Action action, RunFilter filter) {
    Set<RunStatus> statuses = new HashSet<>(action.fitting());
    if (!filter.statuses().isEmpty()) {
      statuses.retainAll(filter.statuses());
    }
    var found = new ArrayList<String>();
    Long next = null;
    do {
      if (statuses.isEmpty()) {
        return found;
      }
      RunPage page = skein.look().page(with(filter, statuses).page(next, RUNS_A_PAGE));
      page.runs().stream().map(RunRow::id).forEach(found::add);
      next = page.next();
    } while (next != null && found.size() <= MOST_RUNS);
    if (found.size() > MOST_RUNS) {
      throw new EngineException(
          EngineException.Code.UNFIT,
          "the filter lists more than %d runs; narrow it by 'from' and 'to'".formatted(MOST_RUNS));
    }
    return found;
  }

  private static RunFilter with(RunFilter filter, Set<RunStatus> statuses) {
    return new RunFilter(
        statuses,
        filter.namespaces(),
        filter.workflow(),
        filter.attributes(),
        filter.from(),
        filter.to(),
        filter.text(),
        null,
        RUNS_A_PAGE);
  }

  /// Begins; others wait for nothing.
  public Bulk begin(Bulk.Order order, List<String> runs) {
    var bulk = new Bulk(UUID.randomUUID().toString(), order, runs);
    synchronized (this) {
      all.put(bulk.id(), bulk);
      if (all.size() > MOST_KEPT) {
        all.values().stream().filter(Bulk::isOver).map(Bulk::id).findFirst().ifPresent(all::remove);
      }
    }
    bulk.begin(skein);
    return bulk;
  }

  /// Takes back what was done to each run; null if nothing does that.
  public @Nullable Bulk undo(Bulk bulk, String reason, String by) {
    Action undoing = bulk.action().undoing();
    return undoing == null ? null : begin(new Bulk.Order(undoing, reason, by), bulk.done());
  }

  /// Null if it is not known any more.
  public synchronized @Nullable Bulk find(String id) {
    return all.get(id);
  }
}
