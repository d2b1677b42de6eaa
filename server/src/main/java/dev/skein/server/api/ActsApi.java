package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.Moving;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is done to one run.
public final class ActsApi {
  private static final String ONE = "/api/v1/runs/{id}/";
  private static final String BY_REQUEST = "asked for by a request";

  private final Skein skein;

  public ActsApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(act("cancel", "cancelRun", "Stops a run and undoes what it did"), this::cancel)
        .on(act("suspend", "suspendRun", "Holds a run; steps under way finish"), this::suspend)
        .on(act("resume", "resumeRun", "Lets a suspended run go on"), this::resume)
        .on(
            act("retry", "retryRun", "Lets a faulted run go on from the task that failed"),
            this::retry)
        .on(
            Operation.of("POST", ONE + "fork", "forkRun", "A run that goes on from a task's end")
                .needs(Role.OPERATOR, Reach.RUN)
                .takes("Fork", true)
                .gives(201, "Run", "the new run, which is durable")
                .refuses(400, 404, 409, 503),
            this::fork)
        .on(
            Operation.of("POST", ONE + "rerun", "rerun", "Starts the same again as a new run")
                .needs(Role.OPERATOR, Reach.RUN)
                .takes("Rerun", false)
                .gives(201, "Run", "the new run, which is durable")
                .refuses(400, 404, 409, 503),
            this::rerun)
        .on(
            Operation.of("POST", ONE + "migrate", "migrateRun", "Moves a run to another version")
                .needs(Role.OPERATOR, Reach.RUN)
                .takes("Migration", true)
                .gives(200, "Verdict", "it was moved, or by `dryRun` whether it would be")
                .refuses(400, 404, 409, 503),
            this::migrate)
        .on(
            Operation.of("POST", ONE + "signal", "signalRun", "Sends an event to one run")
                .needs(Role.OPERATOR, Reach.RUN)
                .makes()
                .takes("Signal", true)
                .gives(202, "Run", "the event is durable")
                .refuses(400, 404, 409, 503),
            this::signal);
  }

  private static Operation act(String verb, String name, String summary) {
    return Operation.of("POST", ONE + verb, name, summary)
        .needs(Role.OPERATOR, Reach.RUN)
        .takes("Reason", false)
        .gives(202, "Run", "the request is durable")
        .refuses(400, 404, 409, 503);
  }

  private static String id(Request request) {
    return request.parameter("id");
  }

  private static String reason(Request request) {
    return Bodies.reason(request.object(), BY_REQUEST);
  }

  private Answer cancel(Request request) {
    skein.cancel(id(request), reason(request));
    return acted(request);
  }

  private Answer suspend(Request request) {
    skein.suspend(id(request), reason(request));
    return acted(request);
  }

  private Answer resume(Request request) {
    request.object();
    skein.resume(id(request));
    return acted(request);
  }

  private Answer signal(Request request) {
    JsonNode body = request.object();
    skein.signal(id(request), Bodies.needed(body, "name"), body.get("data"));
    return acted(request);
  }

  private Answer retry(Request request) {
    skein.act().retry(id(request), reason(request));
    return acted(request);
  }

  private Answer fork(Request request) {
    JsonNode body = request.object();
    String from = Bodies.needed(body, "from");
    String reason = Bodies.reason(body, BY_REQUEST);
    JsonNode given = body.get("data");
    JsonNode data = given == null ? skein.act().output(id(request), from) : given;
    if (data == null) {
      throw Refusal.of(
          409, "unfit", "'" + from + "' has put out nothing: say by 'data' what it would have");
    }
    return begun(skein.act().fork(id(request), from, data, reason));
  }

  private Answer rerun(Request request) {
    JsonNode body = request.object();
    String _ = Bodies.reason(body, BY_REQUEST);
    return begun(skein.act().rerun(id(request), body.get("input")));
  }

  private Answer migrate(Request request) {
    JsonNode body = request.object();
    String version = Bodies.needed(body, "version");
    String reason = Bodies.reason(body, BY_REQUEST);
    boolean dry = Bodies.flag(body, "dryRun");
    Moving.Verdict verdict =
        dry
            ? skein.act().checkMove(id(request), version)
            : skein.act().move(id(request), version, reason);
    if (!dry && !verdict.fits()) {
      throw new Refusal(
          409,
          "unfit",
          "run %s has done what version %s would not have; it stays with version %s"
              .formatted(id(request), version, verdict.from().version()),
          Map.of("differences", differences(verdict)));
    }
    ObjectNode json = Json.NODES.objectNode();
    json.put("from", verdict.from().version());
    json.put("to", verdict.to().version());
    json.put("fits", verdict.fits());
    json.set("differences", differences(verdict));
    return Answer.ok(json);
  }

  private static ArrayNode differences(Moving.Verdict verdict) {
    ArrayNode differences = Json.NODES.arrayNode();
    for (Moving.Difference difference : verdict.differences()) {
      differences.addObject().put("recorded", difference.recorded()).put("now", difference.now());
    }
    return differences;
  }

  private Answer begun(RunRow run) {
    return Answer.json(201, skein.run(run.id()).toJson())
        .with("Location", "/api/v1/runs/" + run.id());
  }

  private Answer acted(Request request) {
    return Answer.json(202, skein.run(id(request)).toJson());
  }
}
