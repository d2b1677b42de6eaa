package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.bulk.Action;
import dev.skein.runtime.bulk.Bulk;
import dev.skein.runtime.bulk.Bulks;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is done to many runs at once: counted first, then done, with its progress to be read.
public final class BulkApi {
  private static final String ONE = "/api/v1/bulk/{id}";
  private static final int SHOWN = 10;
  private static final int MOST_REFUSALS = 100;

  private final Bulks bulks;

  public BulkApi(Skein skein) {
    this.bulks = new Bulks(skein);
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("POST", "/api/v1/runs/bulk", "actOnRuns", "Does one thing to many runs")
                .needs(Role.OPERATOR, Reach.SOMEWHERE)
                .takes("BulkRequest", true)
                .gives(200, "BulkCount", "how many runs it would be done to")
                .gives(202, "Bulk", "it has begun")
                .refuses(400, 409),
            this::begin)
        .on(
            Operation.of("GET", ONE, "readBulk", "How far it is")
                .needs(Role.VIEWER, Reach.SOMEWHERE)
                .gives(200, "Bulk", "its progress")
                .refuses(404),
            request -> Answer.ok(json(found(request))))
        .on(
            Operation.of("POST", ONE + "/undo", "undoBulk", "Takes it back where that is possible")
                .needs(Role.OPERATOR, Reach.SOMEWHERE)
                .takes("Reason", false)
                .gives(202, "Bulk", "another that takes it back has begun")
                .refuses(400, 404, 409),
            this::undo);
  }

  private Answer begin(Request request) {
    JsonNode body = request.object();
    Action action = action(Bodies.needed(body, "action"));
    String reason = Bodies.reason(body, "asked for by a request");
    boolean dry = Bodies.flag(body, "dryRun");
    JsonNode filter = body.get("filter");
    if (filter == null) {
      throw Refusal.malformed("'filter' is missing; {} lists all runs");
    }
    List<String> runs = bulks.matching(action, RunFilters.of(filter, request.roles(), 1));
    if (dry) {
      ObjectNode count = Json.NODES.objectNode();
      count.put("action", action.toString()).put("matched", runs.size());
      ArrayNode some = count.putArray("runs");
      runs.stream().limit(SHOWN).forEach(some::add);
      return Answer.ok(count);
    }
    return begun(bulks.begin(new Bulk.Order(action, reason, request.principal().name()), runs));
  }

  private static Action action(String written) {
    try {
      return Action.valueOf(written.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed("'action' must be one of " + Arrays.toString(Action.values()));
    }
  }

  private Bulk found(Request request) {
    Bulk bulk = bulks.find(request.parameter("id"));
    if (bulk == null || !isFor(request, bulk)) {
      throw Refusal.notFound("there is no bulk of that id");
    }
    return bulk;
  }

  /// It tells the ids of runs, whatever their namespaces.
  private static boolean isFor(Request request, Bulk bulk) {
    return bulk.by().equals(request.principal().name())
        || request.roles().everywhereAtLeast(Role.VIEWER);
  }

  private Answer undo(Request request) {
    Bulk bulk = found(request);
    if (!bulk.by().equals(request.principal().name())
        && !request.roles().everywhereAtLeast(Role.OPERATOR)) {
      throw Refusal.forbidden("it is for who began it, or an operator of all namespaces");
    }
    String reason = Bodies.reason(request.object(), "taken back by a request");
    Bulk undoing = bulks.undo(bulk, reason, request.principal().name());
    if (undoing == null) {
      throw Refusal.of(409, "not-undoable", "nothing takes back a " + bulk.action());
    }
    return begun(undoing);
  }

  private static Answer begun(Bulk bulk) {
    return Answer.json(202, json(bulk)).with("Location", "/api/v1/bulk/" + bulk.id());
  }

  private static ObjectNode json(Bulk bulk) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("id", bulk.id());
    json.put("action", bulk.action().toString());
    json.put("status", bulk.over() ? "done" : "running");
    json.put("matched", bulk.matched());
    json.put("done", bulk.done().size());
    json.put("refused", bulk.refusals().size());
    Action undoing = bulk.action().undoing();
    json.put("undo", undoing == null ? null : undoing.toString());
    ArrayNode refusals = json.putArray("refusals");
    for (Bulk.Refusal refusal : bulk.refusals().stream().limit(MOST_REFUSALS).toList()) {
      refusals.addObject().put("run", refusal.run()).put("message", refusal.message());
    }
    return json;
  }
}
