package dev.skein.kernel.store;

import dev.skein.kernel.journal.Blobs;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Durable storage of an engine, which may share it with others: see [#membership]. [#commit] is
/// called by one thread at a time; everything else by any thread. Every method may throw
/// [StoreException].
public interface Store extends Blobs, AutoCloseable {
  /// Makes all the changes durable, in order, atomically: when it returns they survive a crash;
  /// when it throws none happened.
  void commit(List<Change> changes);

  /// The highest number that a run or an incident has; 0 if there is none.
  long lastNumber();

  @Nullable RunRow run(String id);

  @Nullable RunRow run(long number);

  /// Newest first. Takes a short time however many runs there are.
  RunPage page(RunFilter filter);

  /// The same until the filter's limit is reached, however long that takes.
  default List<RunRow> runs(RunFilter filter) {
    var runs = new ArrayList<RunRow>();
    Long next = filter.below();
    do {
      RunPage page = page(filter.page(next, filter.limit() - runs.size()));
      runs.addAll(page.runs());
      next = page.next();
    } while (next != null && runs.size() < filter.limit());
    return runs;
  }

  /// Frames of the run's journal from `fromSequence` on, in order, `limit` at the most.
  List<Payload> frames(long run, int fromSequence, int limit);

  /// Runs that must be woken before `until`, soonest first; only those due after `after` or, at the
  /// same instant, with a higher number.
  List<Due> due(Due after, Instant until, int limit);

  /// Open runs above `above` that no timer, message or operator has to wake: those that were
  /// running. By number.
  List<RunRow> interrupted(long above, int limit);

  /// Open runs that were to be cancelled because the run that started them has ended. By number.
  List<RunRow> orphans(long above, int limit);

  /// How many runs are open, by their status.
  Map<RunStatus, Long> openRuns();

  /// The same of one workflow, by its versions; those without open runs are not there.
  Map<String, Map<RunStatus, Long>> openRuns(String namespace, String name);

  /// Open runs that this one has started.
  List<RunRow> children(long run);

  /// The number of the newest event; 0 if there is none.
  long lastEvent();

  /// Events after that number, in the log's order.
  List<Event> events(long after, int limit);

  /// Ids of runs that have taken an event, the oldest first.
  List<String> takers(long event, int limit);

  /// Events after that number that the run may still take: sent to it, or to everybody since it was
  /// created, and not taken by it. In the log's order.
  ///
  /// @param type null for any
  List<Event> eventsFor(long run, @Nullable String type, long after, int limit);

  /// Who has left memory and waits for events of that type, or of any.
  ///
  /// @param run only that run's; null for everybody's
  List<Listener> listeners(String type, @Nullable Long run);

  /// Numbers of runs with a listener, for which events were published that they have not seen.
  List<Long> runsWithEvents(long above, int limit);

  /// Open incidents of a run, oldest first.
  List<Incident> incidents(long run);

  /// Open incidents of all runs with an id below that, newest first.
  List<Incident> openIncidents(long below, int limit);

  /// Search attributes of a run.
  Map<String, String> attributes(long run);

  @Nullable StoredDefinition definition(WorkflowRef workflow);

  /// Every deployed version, by namespace, name and age.
  List<StoredDefinition> definitions();

  /// Every schedule, by namespace and name.
  List<StoredSchedule> schedules();

  /// Those that share the store, the oldest first, and those that have gone lately; empty if it
  /// belongs to one engine alone.
  default List<Node> nodes() {
    return List.of();
  }

  /// The name of the node that has an open run; null if nobody has, or the store is one engine's.
  default @Nullable String owner(long run) {
    return null;
  }

  /// This engine's part in the store.
  default Membership membership() {
    return Membership.ALONE;
  }

  /// Every key there ever was, by age.
  List<StoredKey> keys();

  /// Null if there is none; it may have ended by itself.
  @Nullable StoredSession session(String hash);

  /// Entries of the audit log after that number, in the log's order.
  List<AuditEntry> audit(long after, int limit);

  /// Where the audit log ends, as was noted when its last entry was written; [AuditEntry#NONE] if
  /// it is empty. Only number and hash are told.
  AuditEntry auditEnd();

  @Override
  void close();

  /// When a run must be woken.
  record Due(Instant at, long run) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(run, other.run);
    }
  }
}
