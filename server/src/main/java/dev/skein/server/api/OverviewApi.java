package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Pulse;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Routes;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How everything is, at a glance.
public final class OverviewApi {
  private final Skein skein;
  private final Pulse pulse;

  /// @param pulse hears of what happens
  public OverviewApi(Skein skein, Pulse pulse) {
    this.skein = skein;
    this.pulse = pulse;
  }

  public void add(Routes routes) {
    routes.on(
        Operation.of("GET", "/api/v1/overview", "readOverview", "How everything is, at a glance")
            .needs(Role.VIEWER, Reach.EVERYWHERE)
            .gives(200, "Overview", "open runs, and each minute of the last hour"),
        _ -> overview());
  }

  private Answer overview() {
    ObjectNode json = Json.NODES.objectNode();
    ObjectNode runs = json.putObject("runs");
    skein.look().openRuns().forEach((status, count) -> runs.put(status.toString(), count));
    ArrayNode minutes = json.putArray("minutes");
    List<Pulse.Counts> hour = pulse.lastHour();
    hour.forEach(minute -> minutes.add(json(minute)));
    Duration median = pulse.took(50);
    Duration slowest = pulse.took(99);
    if (median == null || slowest == null) {
      json.putNull("took");
    } else {
      json.putObject("took")
          .put("p50Millis", median.toMillis())
          .put("p99Millis", slowest.toMillis());
    }
    return Answer.ok(json);
  }

  private static ObjectNode json(Pulse.Counts minute) {
    return Json.NODES
        .objectNode()
        .put("at", minute.at().toString())
        .put("started", minute.started())
        .put("completed", minute.completed())
        .put("faulted", minute.faulted())
        .put("cancelled", minute.cancelled())
        .put("steps", minute.steps());
  }
}
