package dev.skein.runtime;

import dev.skein.connectors.integration.Measures;
import dev.skein.connectors.integration.Notices;
import dev.skein.interpreter.Json;
import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.Node;
import dev.skein.runtime.schedule.ScheduleView;
import dev.skein.supervision.alert.Alerts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How everything is. As one JSON object it is what alerts are decided by. Thread-safe.
public final class Overview implements Supplier<JsonNode> {
  private static final int MOST_INCIDENTS = 1_000;

  private final Engine engine;
  private final Rooms rooms;
  private final Pulse pulse;
  private volatile @Nullable Supplier<? extends JsonNode> metrics;

  /// Who knows what.
  record Rooms(Looking looking, Acting acting, Nodes nodes, Timetable timetable, HttpCalls calls) {}

  Overview(Engine engine, Rooms rooms, Pulse pulse) {
    this.engine = engine;
    this.rooms = rooms;
    this.pulse = pulse;
  }

  /// What is measured elsewhere in this process, by the names that it is published under.
  public void add(Supplier<? extends JsonNode> measured) {
    metrics = measured;
  }

  /// What was measured of each integration that workflows called, since this was opened.
  public List<Measures> integrations() {
    return rooms.calls.measures();
  }

  /// What integrations should be looked at for, oldest first.
  public List<Notices.Notice> notices() {
    return rooms.calls.notices();
  }

  /// How many runs and others wait for the commit under way to end.
  public int waitingToCommit() {
    return engine.waitingToCommit();
  }

  /// `{runs, incidents, schedules, nodes, store, integrations, metrics?}`, as docs/alerts.md has
  /// it.
  @Override
  public JsonNode get() {
    ObjectNode json = Json.NODES.objectNode();
    json.set("runs", runs());
    json.set("incidents", incidents());
    json.set("schedules", schedules());
    json.set("nodes", nodes());
    json.putObject("store")
        .put("failed", engine.failed())
        .put("waitingToCommit", engine.waitingToCommit());
    json.set("integrations", measured());
    Supplier<? extends JsonNode> measured = metrics;
    if (measured != null) {
      json.set("metrics", measured.get());
    }
    return json;
  }

  private ObjectNode runs() {
    ObjectNode runs = Json.NODES.objectNode();
    Map<RunStatus, Long> counts = new EnumMap<>(RunStatus.class);
    counts.putAll(rooms.looking.openRuns());
    for (WorkflowRef own : Alerts.WORKFLOWS) { // an alert must not keep itself up
      rooms
          .looking
          .openRuns(own.namespace(), own.name())
          .values()
          .forEach(of -> of.forEach((status, count) -> counts.merge(status, -count, Long::sum)));
    }
    ObjectNode open = runs.putObject("open");
    long all = 0;
    for (RunStatus status : RunStatus.values()) {
      if (!status.ended()) {
        long count = counts.getOrDefault(status, 0L);
        open.put(status.toString(), count);
        all += count;
      }
    }
    open.put("all", all);
    ArrayNode minutes = runs.putArray("minutes");
    pulse.lastHour().forEach(minute -> minutes.add(minute(minute)));
    putMillis(runs, "p50Millis", pulse.took(50));
    putMillis(runs, "p99Millis", pulse.took(99));
    return runs;
  }

  private static ObjectNode minute(Pulse.Counts minute) {
    return Json.NODES
        .objectNode()
        .put("at", minute.at().toString())
        .put("started", minute.started())
        .put("completed", minute.completed())
        .put("faulted", minute.faulted())
        .put("cancelled", minute.cancelled())
        .put("steps", minute.steps());
  }

  private static void putMillis(ObjectNode json, String name, @Nullable Duration time) {
    if (time == null) {
      json.putNull(name);
    } else {
      json.put(name, time.toNanos() / 1e6);
    }
  }

  /// But for those that alerts are.
  private ObjectNode incidents() {
    var others = new ArrayList<>(rooms.acting.incidents(null, MOST_INCIDENTS));
    others.removeIf(Alerts::isOne);
    ObjectNode json = Json.NODES.objectNode().put("open", others.size());
    ObjectNode kinds = json.putObject("kinds");
    for (Incident incident : others) {
      kinds.put(incident.kind(), kinds.path(incident.kind()).asInt(0) + 1);
    }
    return json;
  }

  private ArrayNode schedules() {
    ArrayNode schedules = Json.NODES.arrayNode();
    for (ScheduleView view : rooms.timetable.all()) {
      ObjectNode json =
          schedules
              .addObject()
              .put("workflow", view.workflow().qualifiedName())
              .put("paused", view.paused());
      json.put("next", text(view.next()));
    }
    return schedules;
  }

  private ArrayNode nodes() {
    ArrayNode nodes = Json.NODES.arrayNode();
    for (Nodes.View view : rooms.nodes.all()) {
      Node node = view.node();
      ObjectNode json =
          nodes
              .addObject()
              .put("name", node.name())
              .put("alive", node.alive())
              .put("leads", node.leads());
      json.put("startedAt", text(node.startedAt()));
      json.put("runs", node.open().values().stream().mapToLong(Long::longValue).sum());
      Node.Condition condition = node.condition();
      putMillis(json, "commitP50Millis", condition == null ? null : condition.median());
      putMillis(json, "commitP99Millis", condition == null ? null : condition.slowest());
    }
    return nodes;
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.toString();
  }

  private ObjectNode measured() {
    ObjectNode all = Json.NODES.objectNode();
    for (Measures measures : integrations()) {
      Measures.Counts counts = measures.counts();
      ObjectNode json = all.putObject(measures.integration());
      json.put("calls", counts.calls())
          .put("attempts", counts.attempts())
          .put("retries", counts.retries())
          .put("hedges", counts.hedges())
          .put("deferrals", counts.deferrals());
      ObjectNode errors = json.putObject("errors");
      measures.errors().forEach(errors::put);
      json.put("failures", measures.errors().values().stream().mapToLong(Long::longValue).sum());
      json.put(
          "endpointsUnavailable",
          measures.endpoints().stream()
              .filter(e -> "open".equals(e.breaker()) || !e.well() || e.ejected())
              .count());
    }
    return all;
  }
}
