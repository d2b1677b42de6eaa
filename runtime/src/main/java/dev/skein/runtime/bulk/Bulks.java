package dev.skein.runtime.bulk;

import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Begin;
import dev.skein.runtime.Skein;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Does things to all runs that a filter lists. Each such bulk is a run itself, and so goes on
/// after a crash, or on another node. Thread-safe.
public final class Bulks {
  private static final Logger LOG = LoggerFactory.getLogger(Bulks.class);
  private static final int FIRST = 1;
  private static final int MOST_RUNS = 100_000;
  private static final int RUNS_A_PAGE = 1_000;

  private final Skein skein;

  public Bulks(Skein skein) {
    this.skein = skein;
    var _ = skein.register(BulkWorkflow.REF, new BulkWorkflow(skein));
  }

  /// The ids of the runs that it would be done to: never those that Skein has for itself.
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
      page.runs().stream()
          .filter(run -> !run.workflow().namespace().equals(BulkWorkflow.REF.namespace()))
          .map(RunRow::id)
          .forEach(found::add);
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

  /// Begins; when this returns it is durable.
  public Bulk begin(Bulk.Order order, List<String> runs) {
    ObjectNode input = Json.NODES.objectNode();
    input.put("action", order.action().name()).put("reason", order.reason()).put("by", order.by());
    ArrayNode ids = input.putArray("runs");
    runs.forEach(ids::add);
    Map<String, String> attributes = Map.of("bulk", order.action().toString());
    RunRow row = skein.start(new Begin(BulkWorkflow.REF, input, null, FIRST, attributes));
    LOG.info("bulk {}: {} {} runs: {}", row.id(), order.action(), runs.size(), order.reason());
    return new Bulk(row.id(), order, runs.size(), List.of(), List.of(), false);
  }

  /// Takes back what was done to each run; null if nothing does that.
  public @Nullable Bulk undo(Bulk bulk, String reason, String by) {
    Action undoing = bulk.action().undoing();
    return undoing == null ? null : begin(new Bulk.Order(undoing, reason, by), bulk.done());
  }

  /// Null if there is none of that id.
  public @Nullable Bulk find(String id) {
    RunRow row = skein.look().find(id);
    return row == null || !row.workflow().equals(BulkWorkflow.REF)
        ? null
        : Bulk.of(row, skein.look().journal(id));
  }
}
