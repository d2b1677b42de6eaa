package dev.skein.kernel.store;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a store knows of a run without reading its journal.
///
/// @param number time-ordered, unique; the key of everything the store keeps of the run
/// @param id what people and programs call it: the client's own, or one made from the number
/// @param priority 1 (first) to 5
/// @param parent the run that started it, or null
/// @param progress the part that changes while the run lives
public record RunRow(
    long number,
    String id,
    WorkflowRef workflow,
    Instant startedAt,
    int priority,
    @Nullable Parent parent,
    Progress progress) {

  /// @param abandon whether this run goes on when its parent has ended
  public record Parent(long run, boolean abandon) {}

  /// The part of a run's row that changes.
  ///
  /// @param wakeAt when the run must be woken; null if only a message or an operator can
  /// @param wake why the run is open and what will wake it, as the kernel's wake reasons encode it;
  ///   empty when it has ended
  /// @param checkpoint the frame that replay starts from; 0 for the beginning
  public record Progress(
      RunStatus status,
      @Nullable Instant endedAt,
      @Nullable Instant wakeAt,
      String wake,
      int checkpoint) {}

  /// The same run of another version of its workflow.
  public RunRow of(WorkflowRef other) {
    return new RunRow(number, id, other, startedAt, priority, parent, progress);
  }

  public RunStatus status() {
    return progress.status();
  }

  public RunRow with(Progress next) {
    return new RunRow(number, id, workflow, startedAt, priority, parent, next);
  }
}
