package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.schedule.Backfill;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.time.Instant;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What starts by itself.
public final class SchedulesApi {
  private static final String ONE = "/api/v1/schedules/{namespace}/{name}/";

  private final Skein skein;

  public SchedulesApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", "/api/v1/schedules", "listSchedules", "All schedules")
                .needs(Role.VIEWER, Reach.SOMEWHERE)
                .gives(200, "Schedules", "when each starts a run next"),
            this::list)
        .on(
            Operation.of("POST", ONE + "pause", "pauseSchedule", "Holds a schedule")
                .needs(Role.OPERATOR, Reach.NAMESPACE)
                .takes("Reason", false)
                .gives(200, "Schedules", "what comes due meanwhile is dropped")
                .refuses(400, 404),
            this::pause)
        .on(
            Operation.of("POST", ONE + "resume", "resumeSchedule", "Goes on with a schedule")
                .needs(Role.OPERATOR, Reach.NAMESPACE)
                .takes("Reason", false)
                .gives(200, "Schedules", "it starts runs again")
                .refuses(400, 404),
            this::resume)
        .on(
            Operation.of("POST", ONE + "backfill", "backfillSchedule", "Makes up for starts")
                .needs(Role.OPERATOR, Reach.NAMESPACE)
                .takes("BackfillRequest", true)
                .gives(200, "Backfill", "what was started, or by `dryRun` would be")
                .refuses(400, 404, 503),
            this::backfill);
  }

  private Answer backfill(Request request) {
    JsonNode body = request.object();
    String _ = Bodies.reason(body, "asked for by a request");
    Instant from = time(body, "from");
    Instant to = time(body, "to");
    boolean dry = Bodies.flag(body, "dryRun");
    ArrayNode starts = Json.NODES.arrayNode();
    try {
      for (Backfill.Start start : skein.timetable().backfill(name(request), from, to, dry)) {
        starts
            .addObject()
            .put("due", start.due().toString())
            .put("run", start.run())
            .put("there", start.was());
      }
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed(String.valueOf(e.getMessage()));
    }
    return Answer.ok(Json.NODES.objectNode().set("starts", starts));
  }

  private static Instant time(JsonNode body, String name) {
    return Objects.requireNonNull(Bodies.instant(name, Bodies.needed(body, name)));
  }

  private Answer list(Request request) {
    ObjectNode json = Json.NODES.objectNode();
    ArrayNode all = json.putArray("schedules");
    skein.timetable().all().stream()
        .filter(schedule -> request.roles().in(schedule.workflow().namespace(), Role.VIEWER))
        .forEach(schedule -> all.add(schedule.json()));
    return Answer.ok(json);
  }

  private static String name(Request request) {
    request.object();
    return request.parameter("namespace") + "/" + request.parameter("name");
  }

  private Answer pause(Request request) {
    skein.timetable().pause(name(request));
    return list(request);
  }

  private Answer resume(Request request) {
    skein.timetable().resume(name(request));
    return list(request);
  }
}
