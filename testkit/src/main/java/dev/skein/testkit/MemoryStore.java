package dev.skein.testkit;

import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Ask;
import dev.skein.kernel.store.AuditEntry;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.kernel.store.StoredKey;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.kernel.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A store that lasts as long as the object: what simulations run on. It can be told to fail, as a
/// process would be killed: after its n-th commit nothing more reaches it, and [#reopened] is what
/// the next process finds. Guarded by its own monitor.
public final class MemoryStore implements Store {
  private final TreeMap<Long, RunRow> runs = new TreeMap<>();
  private final Map<Long, List<Payload>> frames = new HashMap<>();
  private final Map<String, Payload> blobs = new HashMap<>();
  private final MemoryEvents events = new MemoryEvents();
  private final TreeMap<Long, Incident> incidents = new TreeMap<>();
  private final Map<Long, Map<String, String>> attributes = new HashMap<>();
  private final Map<WorkflowRef, StoredDefinition> definitions = new LinkedHashMap<>();
  private final TreeMap<String, StoredSchedule> schedules = new TreeMap<>();
  private final TreeMap<Long, Ask> asks = new TreeMap<>();
  private final Map<String, StoredKey> keys = new LinkedHashMap<>();
  private final Map<String, StoredSession> sessions = new HashMap<>();
  private final List<AuditEntry> audit = new ArrayList<>();
  private long commits;
  private long lastCommit = Long.MAX_VALUE;

  /// The n-th commit from now on (from 1) is the last that succeeds.
  public synchronized void failAfter(long n) {
    lastCommit = commits + n;
  }

  /// What the next process finds: everything committed, and no more faults.
  public synchronized MemoryStore reopened() {
    lastCommit = Long.MAX_VALUE;
    var copy = new MemoryStore();
    copy.runs.putAll(runs);
    frames.forEach((run, list) -> copy.frames.put(run, new ArrayList<>(list)));
    copy.blobs.putAll(blobs);
    copy.events.copy(events);
    copy.incidents.putAll(incidents);
    copy.attributes.putAll(attributes);
    copy.definitions.putAll(definitions);
    copy.schedules.putAll(schedules);
    copy.asks.putAll(asks);
    copy.keys.putAll(keys);
    copy.audit.addAll(audit);
    lastCommit = -1; // a zombie of the old process writes nothing
    return copy;
  }

  /// Flips a bit in the last frame of the run's journal.
  public synchronized void damage(long run) {
    frames.computeIfPresent(
        run,
        (_, ofRun) -> {
          byte[] bytes = ofRun.removeLast().bytes().clone();
          bytes[bytes.length / 2] ^= 1;
          ofRun.add(Payload.of(bytes));
          return ofRun;
        });
  }

  public synchronized long commits() {
    return commits;
  }

  @Override
  public synchronized void commit(List<Change> changes) {
    if (commits >= lastCommit) {
      throw new StoreException(StoreException.Code.FAILED, "the process was killed here");
    }
    changes.forEach(this::check);
    commits++;
    changes.forEach(this::apply);
  }

  /// All or nothing: refused before anything is done.
  private void check(Change change) {
    if (change instanceof Change.FrameAppended frame) {
      int last = frames.getOrDefault(frame.run(), List.of()).size();
      if (frame.sequence() != last + 1) {
        throw new StoreException(
            StoreException.Code.CONFLICT,
            "frame %d of run %d does not follow frame %d"
                .formatted(frame.sequence(), frame.run(), last));
      }
    }
  }

  private void apply(Change change) {
    switch (change) {
      case Change.RunCreated c -> {
        runs.put(c.run().number(), c.run());
        events.created(c.run().number());
      }
      case Change.RunProgressed c ->
          runs.computeIfPresent(c.run(), (_, run) -> run.with(c.progress()));
      case Change.RunMoved c -> runs.computeIfPresent(c.run(), (_, run) -> run.of(c.workflow()));
      case Change.FrameAppended c ->
          frames.computeIfAbsent(c.run(), _ -> new ArrayList<>()).add(c.frame());
      case Change.BlobSaved c -> blobs.put(c.hash(), c.content());
      case Change.EventPublished c -> events.publish(c.event());
      case Change.EventTaken c -> events.take(c.run(), c.event());
      case Change.ListenersSet c -> events.listen(c.run(), c.listeners());
      case Change.IncidentOpened c -> incidents.put(c.incident().id(), c.incident());
      case Change.IncidentsClosed c -> incidents.values().removeIf(i -> i.run() == c.run());
      case Change.AttributesSet c ->
          attributes.computeIfAbsent(c.run(), _ -> new LinkedHashMap<>()).putAll(c.attributes());
      case Change.Asked c -> asks.put(c.ask().number(), c.ask());
      case Change.AskAnswered c -> asks.remove(c.ask());
      case Change.DefinitionSaved c -> definitions.put(c.definition().workflow(), c.definition());
      case Change.ScheduleSaved c -> schedules.put(key(c.schedule().workflow()), c.schedule());
      case Change.ScheduleMoved c ->
          schedules.computeIfPresent(
              key(c.schedule().workflow()), (_, old) -> moved(old, c.schedule()));
      case Change.Redeployed _ -> {}
      case Change.ScheduleRemoved c -> schedules.remove(c.namespace() + "/" + c.name());
      case Change.KeySaved c -> keys.merge(c.key().id(), c.key(), MemoryStore::merged);
      case Change.SessionBegun c -> {
        sessions.values().removeIf(session -> !session.until().isAfter(c.now()));
        sessions.put(c.session().hash(), c.session());
      }
      case Change.SessionEnded c -> sessions.remove(c.hash());
      case Change.Audited c -> audit.add(auditEnd().next(c.text()));
    }
  }

  /// What is asked of runs and not yet done, oldest first.
  synchronized List<Ask> asks() {
    return List.copyOf(asks.values());
  }

  /// Every run that has not ended.
  synchronized List<RunRow> open() {
    return runs.values().stream().filter(row -> !row.status().ended()).toList();
  }

  @Override
  public synchronized @Nullable RunRow run(String id) {
    return first(row -> row.id().equals(id));
  }

  private @Nullable RunRow first(Predicate<RunRow> condition) {
    for (RunRow row : runs.values()) {
      if (condition.test(row)) {
        return row;
      }
    }
    return null;
  }

  @Override
  public synchronized @Nullable RunRow run(long number) {
    return runs.get(number);
  }

  @Override
  public synchronized RunPage page(RunFilter filter) {
    List<RunRow> found =
        runs.descendingMap().values().stream()
            .filter(row -> filter.lowest() <= row.number() && row.number() < filter.ceiling())
            .filter(row -> filter.statuses().isEmpty() || filter.statuses().contains(row.status()))
            .filter(row -> fits(filter.namespaces(), row.workflow().namespace()))
            .filter(row -> fits(filter.workflow(), row.workflow().name()))
            .filter(row ->
                attributes(row.number()).entrySet().containsAll(filter.attributes().entrySet()))
            .filter(row -> contains(row, filter.text()))
            .limit(filter.limit() + 1L)
            .toList();
    return RunPage.of(found, filter.limit());
  }

  private static boolean fits(Set<String> wanted, String found) {
    return wanted.isEmpty() || wanted.contains(found);
  }

  private static boolean fits(@Nullable String wanted, String found) {
    return wanted == null || wanted.equals(found);
  }

  private boolean contains(RunRow row, @Nullable String text) {
    return text == null
        || row.id().startsWith(text)
        || attributes(row.number()).values().stream().anyMatch(v -> v.startsWith(text));
  }

  @Override
  public synchronized List<Payload> frames(long run, int fromSequence, int limit) {
    return frames.getOrDefault(run, List.of()).stream()
        .skip(fromSequence - 1L)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Due> due(Due after, Instant until, int limit) {
    var due = new ArrayList<Due>();
    for (RunRow row : runs.values()) {
      Instant at = row.progress().wakeAt();
      if (at != null && !at.isAfter(until)) {
        var one = new Due(at, row.number());
        if (one.compareTo(after) > 0) {
          due.add(one);
        }
      }
    }
    due.sort(Comparator.naturalOrder());
    return List.copyOf(due.subList(0, Math.min(limit, due.size())));
  }

  @Override
  public synchronized List<RunRow> interrupted(long above, int limit) {
    return runs.tailMap(above, false).values().stream()
        .filter(row -> row.status() == RunStatus.RUNNING || row.status() == RunStatus.PENDING)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<RunRow> orphans(long above, int limit) {
    return runs.tailMap(above, false).values().stream()
        .filter(row -> !row.status().ended() && wasLeftBehind(row))
        .limit(limit)
        .toList();
  }

  private boolean wasLeftBehind(RunRow row) {
    RunRow.Parent parent = row.parent();
    if (parent == null || parent.abandon()) {
      return false;
    }
    RunRow above = runs.get(parent.run());
    return above != null && above.status().ended();
  }

  @Override
  public synchronized Map<RunStatus, Long> openRuns() {
    return runs.values().stream()
        .map(RunRow::status)
        .filter(status -> !status.ended())
        .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
  }

  @Override
  public synchronized Map<String, Map<RunStatus, Long>> openRuns(String namespace, String name) {
    return runs.values().stream()
        .filter(row -> !row.status().ended())
        .filter(row -> row.workflow().namespace().equals(namespace))
        .filter(row -> row.workflow().name().equals(name))
        .collect(
            Collectors.groupingBy(
                row -> row.workflow().version(),
                Collectors.groupingBy(RunRow::status, Collectors.counting())));
  }

  @Override
  public synchronized List<RunRow> children(long run) {
    return runs.values().stream()
        .filter(row -> row.parent() != null && row.parent().run() == run)
        .filter(row -> !row.status().ended())
        .toList();
  }

  @Override
  public synchronized long lastNumber() {
    long run = runs.isEmpty() ? 0 : runs.lastKey();
    return Math.max(run, incidents.isEmpty() ? 0 : incidents.lastKey());
  }

  @Override
  public synchronized long lastEvent() {
    return events.last();
  }

  @Override
  public synchronized List<Event> events(long after, int limit) {
    return events.after(after, limit);
  }

  @Override
  public synchronized List<String> takers(long event, int limit) {
    return runs.values().stream()
        .filter(run -> events.hasTaken(run.number(), event))
        .limit(limit)
        .map(RunRow::id)
        .toList();
  }

  @Override
  public synchronized List<Event> eventsFor(
      long run, @Nullable String type, long after, int limit) {
    return events.forRun(run, type, after, limit);
  }

  @Override
  public synchronized List<Listener> listeners(String type, @Nullable Long run) {
    return events.listeners(type, run);
  }

  @Override
  public synchronized List<Long> runsWithEvents(long above, int limit) {
    return events.runsWithNews().stream()
        .filter(number -> number > above && waits(number))
        .limit(limit)
        .toList();
  }

  private boolean waits(long number) {
    RunRow row = runs.get(number);
    return row != null && row.status() == RunStatus.WAITING;
  }

  @Override
  public synchronized List<Incident> incidents(long run) {
    return incidents.values().stream().filter(incident -> incident.run() == run).toList();
  }

  @Override
  public synchronized List<Incident> openIncidents(long below, int limit) {
    return incidents.headMap(below, false).descendingMap().values().stream().limit(limit).toList();
  }

  @Override
  public synchronized Map<String, String> attributes(long run) {
    return Map.copyOf(attributes.getOrDefault(run, Map.of()));
  }

  @Override
  public synchronized @Nullable StoredDefinition definition(WorkflowRef workflow) {
    return definitions.get(workflow);
  }

  @Override
  public synchronized List<StoredDefinition> definitions() {
    return List.copyOf(definitions.values());
  }

  @Override
  public synchronized List<StoredSchedule> schedules() {
    return List.copyOf(schedules.values());
  }

  private static StoredSchedule moved(StoredSchedule old, StoredSchedule next) {
    boolean same = old.workflow().equals(next.workflow()) && old.anchor().equals(next.anchor());
    return same ? next.paused(old.paused()) : old;
  }

  private static StoredKey merged(StoredKey before, StoredKey now) {
    return before.revokedAt() == null ? now : now.revoked(before.revokedAt());
  }

  @Override
  public synchronized List<StoredKey> keys() {
    return List.copyOf(keys.values());
  }

  @Override
  public synchronized @Nullable StoredSession session(String hash) {
    return sessions.get(hash);
  }

  @Override
  public synchronized List<AuditEntry> audit(long after, int limit) {
    return audit.stream().skip(after).limit(limit).toList();
  }

  @Override
  public synchronized AuditEntry auditEnd() {
    return audit.isEmpty() ? AuditEntry.NONE : audit.getLast();
  }

  private static String key(WorkflowRef workflow) {
    return workflow.namespace() + "/" + workflow.name();
  }

  @Override
  public synchronized Payload read(String hash) {
    Payload content = blobs.get(hash);
    if (content == null) {
      throw new JournalException("the payload " + hash + " is missing from the store");
    }
    return content;
  }

  @Override
  public void close() {}
}
