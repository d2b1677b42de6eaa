package dev.skein.kernel.store;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where the schedule of a workflow stands. There is one for each namespace and name.
///
/// @param workflow the version whose schedule it is
/// @param anchor when it was deployed: what fixed rates count from
/// @param next when a start is due; null if an event or the end of a run decides
/// @param seen the events up to this number have been dealt with
/// @param lastRun the run it started last
/// @param state what else it must remember, in a form the layers above agree on
public record StoredSchedule(
    WorkflowRef workflow,
    Instant anchor,
    @Nullable Instant next,
    long seen,
    @Nullable String lastRun,
    boolean paused,
    Payload state) {

  public StoredSchedule next(@Nullable Instant due) {
    return new StoredSchedule(workflow, anchor, due, seen, lastRun, paused, state);
  }

  public StoredSchedule seen(long event) {
    return new StoredSchedule(workflow, anchor, next, event, lastRun, paused, state);
  }

  public StoredSchedule started(String run) {
    return new StoredSchedule(workflow, anchor, next, seen, run, paused, state);
  }

  public StoredSchedule paused(boolean now) {
    return new StoredSchedule(workflow, anchor, next, seen, lastRun, now, state);
  }

  public StoredSchedule state(Payload now) {
    return new StoredSchedule(workflow, anchor, next, seen, lastRun, paused, now);
  }
}
