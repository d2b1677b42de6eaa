package dev.skein.runtime.schedule;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.model.Definition;
import dev.skein.model.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A schedule as people see it.
///
/// @param when in the words of the definition: `cron 0 2 * * * (Europe/Lisbon)`
/// @param next when a run is started next; null if an event or the end of a run decides
/// @param upcoming the next few starts, as far as time alone decides
/// @param lastRun the id of the run it started last
/// @param waiting how many starts wait for the end of a run
public record ScheduleView(
    WorkflowRef workflow,
    String when,
    @Nullable Instant next,
    List<Instant> upcoming,
    boolean paused,
    @Nullable String lastRun,
    int waiting) {
  private static final int SHOWN = 5;

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
        upcoming(schedule, due).stream().map(jitter::start).toList(),
        row.paused(),
        row.lastRun(),
        Pending.of(row.state()).waiting().size());
  }

  private static List<Instant> upcoming(Schedule schedule, @Nullable Instant due) {
    var all = new ArrayList<Instant>();
    boolean known = schedule.every() != null || schedule.cron() != null;
    for (Instant at = due; at != null && all.size() < SHOWN; ) {
      all.add(at);
      at = known ? Recurrence.of(schedule, at).after(at) : null;
    }
    return all;
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
            .map(unit -> amount(unit.getValue().asString(), unit.getKey()))
            .collect(Collectors.joining(" "));
  }

  private static String amount(String count, String unit) {
    return count.equals("1") && unit.endsWith("s")
        ? unit.substring(0, unit.length() - 1)
        : count + " " + unit;
  }

  public ObjectNode json() {
    ObjectNode json = Json.NODES.objectNode();
    json.putObject("workflow")
        .put("namespace", workflow.namespace())
        .put("name", workflow.name())
        .put("version", workflow.version());
    json.put("when", when);
    json.put("next", next == null ? null : next.toString());
    ArrayNode starts = json.putArray("upcoming");
    upcoming.forEach(start -> starts.add(start.toString()));
    json.put("paused", paused);
    json.put("lastRun", lastRun);
    json.put("waiting", waiting);
    return json;
  }
}
