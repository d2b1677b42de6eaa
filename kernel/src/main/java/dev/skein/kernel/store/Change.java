package dev.skein.kernel.store;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One thing a commit does. All changes of a commit become durable together or not at all.
public sealed interface Change {
  record RunCreated(RunRow run) implements Change {}

  /// Who writes this owns the run from then on.
  record RunProgressed(long run, RunRow.Progress progress) implements Change {}

  /// The run belongs to another version of its workflow.
  record RunMoved(long run, WorkflowRef workflow) implements Change {}

  /// @param sequence from 1 without gaps; the store refuses a second frame of the same number
  record FrameAppended(long run, int sequence, Payload frame) implements Change {}

  /// Saving the same content again changes nothing.
  record BlobSaved(String hash, Payload content) implements Change {}

  /// The store gives the event its number. Publishing the same source and id again changes nothing.
  record EventPublished(Event event) implements Change {}

  /// The run has taken the event and will not be given it again.
  record EventTaken(long run, long event) implements Change {}

  /// Replaces all that brings the run back into memory for an event.
  record ListenersSet(long run, List<Listener> listeners) implements Change {}

  record IncidentOpened(Incident incident) implements Change {}

  record IncidentsClosed(long run) implements Change {}

  /// Replaces the values of the names given.
  record AttributesSet(long run, Map<String, String> attributes) implements Change {}

  /// The owner of the run hears of it.
  record Asked(Ask ask) implements Change {}

  record AskAnswered(long ask) implements Change {}

  record DefinitionSaved(StoredDefinition definition) implements Change {}

  /// Replaces the schedule of that namespace and name, if there is one.
  record ScheduleSaved(StoredSchedule schedule) implements Change {}

  /// Where the schedule stands now, if it is still there as it was deployed then; whether it is
  /// paused stays as it is.
  record ScheduleMoved(StoredSchedule schedule) implements Change {}

  /// The workflow is not scheduled any more, in no version.
  record ScheduleRemoved(String namespace, String name) implements Change {}

  /// Other nodes must read again what is deployed and scheduled.
  record Redeployed() implements Change {}

  /// Replaces the key of that id, if there is one; but one that was revoked stays so.
  record KeySaved(StoredKey key) implements Change {}

  /// Those that have ended by themselves by then go.
  record SessionBegun(StoredSession session, Instant now) implements Change {}

  record SessionEnded(String hash) implements Change {}

  /// Puts an entry at the end of the audit log.
  record Audited(String text) implements Change {}
}
