package dev.skein.store;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.AuditEntry;
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
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store in tables that every database can read in the same way; how they are written and reached
/// is each one's own.
abstract sealed class JdbcStore implements Store permits SqliteStore, PostgresStore {
  /// Asks on a connection for reading, on whatever thread.
  abstract <T extends @Nullable Object> T read(Function<Sql, T> query);

  /// The owner whose runs this engine looks after; null where there are no owners.
  @Nullable Long owner() {
    return null;
  }

  @Override
  public @Nullable RunRow run(String id) {
    return this.<@Nullable RunRow>read(sql -> RunTable.byId(sql, id));
  }

  @Override
  public @Nullable RunRow run(long number) {
    return this.<@Nullable RunRow>read(sql -> RunTable.byNumber(sql, number));
  }

  @Override
  public RunPage page(RunFilter filter) {
    return read(sql -> new RunSearch(sql, filter).page());
  }

  @Override
  public List<Payload> frames(long run, int fromSequence, int limit) {
    return read(sql -> JournalTable.frames(sql, run, fromSequence, limit));
  }

  @Override
  public List<Due> due(Due after, Instant until, int limit) {
    return read(sql -> RunTable.due(sql, owner(), after, until, limit));
  }

  @Override
  public List<RunRow> interrupted(long above, int limit) {
    return read(sql -> RunTable.interrupted(sql, owner(), above, limit));
  }

  @Override
  public List<RunRow> orphans(long above, int limit) {
    return read(sql -> RunTable.orphans(sql, owner(), above, limit));
  }

  @Override
  public Map<RunStatus, Long> openRuns() {
    return read(RunTable::open);
  }

  @Override
  public Map<String, Map<RunStatus, Long>> openRuns(String namespace, String name) {
    return read(sql -> RunTable.open(sql, namespace, name));
  }

  @Override
  public List<RunRow> children(long run) {
    return read(sql -> RunTable.children(sql, run));
  }

  @Override
  public long lastNumber() {
    return read(sql -> Math.max(RunTable.lastNumber(sql), IncidentTable.lastId(sql)));
  }

  @Override
  public long lastEvent() {
    return read(EventTable::last);
  }

  @Override
  public List<Event> events(long after, int limit) {
    return read(sql -> EventTable.after(sql, after, limit));
  }

  @Override
  public List<String> takers(long event, int limit) {
    return read(sql -> EventTable.takers(sql, event, limit));
  }

  @Override
  public List<Event> eventsFor(long run, @Nullable String type, long after, int limit) {
    return read(sql -> EventTable.forRun(sql, run, type, after, limit));
  }

  @Override
  public List<Listener> listeners(String type, @Nullable Long run) {
    return read(sql -> ListenerTable.of(sql, owner(), type, run));
  }

  @Override
  public List<Long> runsWithEvents(long above, int limit) {
    return read(sql -> ListenerTable.withNews(sql, owner(), above, limit));
  }

  @Override
  public List<Incident> incidents(long run) {
    return read(sql -> IncidentTable.open(sql, run));
  }

  @Override
  public List<Incident> openIncidents(long below, int limit) {
    return read(sql -> IncidentTable.allOpen(sql, below, limit));
  }

  @Override
  public Map<String, String> attributes(long run) {
    return read(sql -> AttributeTable.ofRun(sql, run));
  }

  @Override
  public @Nullable StoredDefinition definition(WorkflowRef workflow) {
    return this.<@Nullable StoredDefinition>read(sql -> DefinitionTable.find(sql, workflow));
  }

  @Override
  public List<StoredDefinition> definitions() {
    return read(DefinitionTable::all);
  }

  @Override
  public List<StoredSchedule> schedules() {
    return read(ScheduleTable::all);
  }

  @Override
  public List<StoredKey> keys() {
    return read(KeyTable::all);
  }

  @Override
  public @Nullable StoredSession session(String hash) {
    return read(sql -> SessionTable.find(sql, hash));
  }

  @Override
  public List<AuditEntry> audit(long after, int limit) {
    return read(sql -> AuditTable.after(sql, after, limit));
  }

  @Override
  public AuditEntry auditEnd() {
    return read(AuditTable::end);
  }

  @Override
  public Payload read(String hash) {
    return read(sql -> JournalTable.readBlob(sql, hash));
  }
}
