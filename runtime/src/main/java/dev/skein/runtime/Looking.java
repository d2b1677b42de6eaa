package dev.skein.runtime;

import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.WakeReason;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.runtime.access.AuditTrail;
import dev.skein.runtime.schedule.ScheduleView;
import dev.skein.runtime.view.FollowedRun;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Looks at runs without touching them: also those of a data directory that another process holds.
/// Thread-safe.
public final class Looking implements AutoCloseable {
  private final Store store;

  Looking(Store store) {
    this.store = store;
  }

  /// @throws dev.skein.kernel.store.StoreException if there is no data there
  public static Looking at(Location location) {
    return new Looking(location.openToRead());
  }

  public static Looking at(Path data) {
    return at(Location.in(data));
  }

  /// The newest runs first.
  public List<RunRow> list(RunFilter filter) {
    return store.runs(filter);
  }

  /// The newest runs first, in a short time.
  public RunPage page(RunFilter filter) {
    return store.page(filter);
  }

  /// How many runs are open, by their status.
  public Map<RunStatus, Long> openRuns() {
    return store.openRuns();
  }

  /// The same of one workflow, by its versions; those without open runs are not there.
  public Map<String, Map<RunStatus, Long>> openRuns(String namespace, String name) {
    return store.openRuns(namespace, name);
  }

  public RunView run(String id) {
    RunRow row = row(id);
    return RunView.of(
        row,
        journal(row),
        row.status().ended() ? null : store.owner(row.number()),
        store.attributes(row.number()),
        store.incidents(row.number()));
  }

  /// The newest problems of runs that need somebody.
  public List<Incident> incidents(int limit) {
    return store.openIncidents(Long.MAX_VALUE, limit);
  }

  /// Ids of runs whose timers were due before that and that nobody has woken, the longest first.
  public List<String> overdue(Instant before, int limit) {
    return store.due(new Store.Due(Instant.EPOCH, 0), before, limit).stream()
        .map(due -> store.run(due.run()))
        .filter(Objects::nonNull)
        .map(RunRow::id)
        .toList();
  }

  /// Every workflow that is deployed, as it was written.
  public List<StoredDefinition> definitions() {
    return store.definitions();
  }

  /// Null if it is not deployed.
  public @Nullable StoredDefinition definition(WorkflowRef workflow) {
    return store.definition(workflow);
  }

  /// Null if there is none of that id.
  public @Nullable RunRow find(String id) {
    return store.run(id);
  }

  /// The run's journal; empty if it is damaged, which its incident tells.
  public List<Entry> journal(String id) {
    return journal(row(id));
  }

  /// The run, read on and on from its beginning as its journal grows.
  public FollowedRun follow(String id) {
    return new FollowedRun(store, row(id), null);
  }

  public List<TaskView> tasks(String id) {
    return TaskView.of(journal(row(id)));
  }

  /// Every schedule, by the name of its workflow.
  public List<ScheduleView> schedules() {
    var views = new ArrayList<ScheduleView>();
    for (StoredSchedule row : store.schedules()) {
      StoredDefinition stored = store.definition(row.workflow());
      if (stored != null) {
        views.add(ScheduleView.of(row, Definitions.read(stored.source())));
      }
    }
    return views;
  }

  /// What was published and sent, and who has taken it.
  public EventLog events() {
    return new EventLog(store);
  }

  /// Who has asked for what.
  public AuditTrail audit() {
    return new AuditTrail(store);
  }

  public List<WakeReason> why(String id) {
    return WakeReason.decode(row(id).progress().wake());
  }

  private List<Entry> journal(RunRow row) {
    try {
      return Engine.journal(store, row.number());
    } catch (JournalException damaged) {
      return List.of();
    }
  }

  private RunRow row(String id) {
    RunRow row = store.run(id);
    if (row == null) {
      throw new EngineException(
          EngineException.Code.NO_SUCH_RUN, "there is no run '" + id + "' in this data directory");
    }
    return row;
  }

  @Override
  public void close() {
    store.close();
  }
}
