package dev.skein.bench;

import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.AuditEntry;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.kernel.store.StoredKey;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.kernel.store.StoredSession;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A store that costs next to nothing: it keeps the rows of runs, and of those that have ended only
/// the newest, and no journals. With it one measures what is above the store. Changed by the
/// committing thread alone, read by any.
final class RowsOnly implements Store {
  private static final int MOST_ENDED = 10_000;

  private final Map<Long, RunRow> byNumber = new ConcurrentHashMap<>();
  private final Map<String, Long> numbers = new ConcurrentHashMap<>();
  private final Deque<RunRow> ended = new ArrayDeque<>();

  @Override
  public void commit(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.RunCreated created) {
        byNumber.put(created.run().number(), created.run());
        numbers.put(created.run().id(), created.run().number());
      } else if (change instanceof Change.RunProgressed progressed) {
        RunRow row =
            byNumber.computeIfPresent(
                progressed.run(), (_, before) -> before.with(progressed.progress()));
        if (row != null && row.status().ended()) {
          forgetOlderThan(row);
        }
      }
    }
  }

  private void forgetOlderThan(RunRow row) {
    ended.addLast(row);
    if (ended.size() > MOST_ENDED) {
      RunRow oldest = ended.removeFirst();
      byNumber.remove(oldest.number());
      numbers.remove(oldest.id());
    }
  }

  @Override
  public @Nullable RunRow run(String id) {
    Long number = numbers.get(id);
    return number == null ? null : byNumber.get(number);
  }

  @Override
  public @Nullable RunRow run(long number) {
    return byNumber.get(number);
  }

  @Override
  public RunPage page(RunFilter filter) {
    return new RunPage(List.of(), null);
  }

  @Override
  public List<Payload> frames(long run, int fromSequence, int limit) {
    throw new JournalException("this store keeps no journals");
  }

  @Override
  public List<Due> due(Due after, Instant until, int limit) {
    return List.of();
  }

  @Override
  public List<RunRow> interrupted(long above, int limit) {
    return List.of();
  }

  @Override
  public List<RunRow> orphans(long above, int limit) {
    return List.of();
  }

  @Override
  public Map<RunStatus, Long> openRuns() {
    return Map.of();
  }

  @Override
  public Map<String, Map<RunStatus, Long>> openRuns(String namespace, String name) {
    return Map.of();
  }

  @Override
  public List<String> takers(long event, int limit) {
    return List.of();
  }

  @Override
  public List<RunRow> children(long run) {
    return List.of();
  }

  @Override
  public long lastNumber() {
    return 0;
  }

  @Override
  public List<StoredSchedule> schedules() {
    return List.of();
  }

  @Override
  public long lastEvent() {
    return 0;
  }

  @Override
  public List<Event> events(long after, int limit) {
    return List.of();
  }

  @Override
  public List<Event> eventsFor(long run, @Nullable String type, long after, int limit) {
    return List.of();
  }

  @Override
  public List<Listener> listeners(String type, @Nullable Long run) {
    return List.of();
  }

  @Override
  public List<Long> runsWithEvents(long above, int limit) {
    return List.of();
  }

  @Override
  public List<Incident> openIncidents(long below, int limit) {
    return List.of();
  }

  @Override
  public List<Incident> incidents(long run) {
    return List.of();
  }

  @Override
  public Map<String, String> attributes(long run) {
    return Map.of();
  }

  @Override
  public @Nullable StoredDefinition definition(WorkflowRef workflow) {
    return null;
  }

  @Override
  public List<StoredDefinition> definitions() {
    return List.of();
  }

  @Override
  public List<StoredKey> keys() {
    return List.of();
  }

  @Override
  public @Nullable StoredSession session(String hash) {
    return null;
  }

  @Override
  public List<AuditEntry> audit(long after, int limit) {
    return List.of();
  }

  @Override
  public AuditEntry auditEnd() {
    return AuditEntry.NONE;
  }

  @Override
  public Payload read(String hash) {
    throw new JournalException("this store keeps no payloads");
  }

  @Override
  public void close() {}
}
