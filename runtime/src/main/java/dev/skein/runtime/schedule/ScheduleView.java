package dev.skein.runtime.schedule;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.model.Definition;
import dev.skein.model.Schedule;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A schedule as people see it.
///
/// @param when in the words of the definition: `cron 0 2 * * * (Europe/Lisbon)`
/// @param next when a run is started next; null if an event or the end of a run decides
/// @param lastRun the id of the run it started last
/// @param waiting how many starts wait for the end of a run
public record ScheduleView(
    WorkflowRef workflow,
    String when,
    @Nullable Instant next,
    boolean paused,
    @Nullable String lastRun,
    int waiting) {

  /// @param definition the workflow it is the schedule of
  public static ScheduleView of(StoredSchedule row, Definition definition) {
    Schedule schedule = definition.schedule();
    if (schedule == null) {
      throw new IllegalArgumentException(row.workflow() + " has no schedule");
    }
    Instant due = row.paused() ? null : row.next();
    var jitter = Jitter.of(row.workflow(), schedule.rules().jitter());
    return new ScheduleView(
        row.workflow(),
        when(schedule),
        due == null ? null : jitter.start(due),
        row.paused(),
        row.lastRun(),
        Pending.of(row.state()).waiting().size());
  }

  private static String when(Schedule schedule) {
    if (schedule.cron() != null) {
      return "cron %s (%s)".formatted(schedule.cron(), schedule.rules().timezone());
    }
    if (schedule.every() != null) {
      return "every " + text(schedule.every());
    }
    return schedule.after() != null ? "after " + text(schedule.after()) : "on events";
  }

  private static String text(JsonNode duration) {
    return duration.isString()
        ? duration.asString()
        : duration.properties().stream()
            .map(unit -> unit.getValue().asString() + " " + unit.getKey())
            .collect(Collectors.joining(" "));
  }

  public ObjectNode json() {
    ObjectNode json = Json.NODES.objectNode();
    json.putObject("workflow")
        .put("namespace", workflow.namespace())
        .put("name", workflow.name())
        .put("version", workflow.version());
    json.put("when", when);
    json.put("next", next == null ? null : next.toString());
    json.put("paused", paused);
    json.put("lastRun", lastRun);
    json.put("waiting", waiting);
    return json;
  }
}
