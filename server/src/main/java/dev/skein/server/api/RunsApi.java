package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.IncidentException;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Begin;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.view.RunView;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs: starting, finding and reading them.
public final class RunsApi {
  private static final String ALL = "/api/v1/runs";
  private static final String ONE = ALL + "/{id}";
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int LOWEST_PRIORITY = 5;

  private final Skein skein;

  public RunsApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("POST", ALL, "startRun", "Starts a run")
                .needs(Role.DEVELOPER, Reach.SOMEWHERE)
                .makes()
                .query("wait", "{\"type\": \"string\"}", "how long to wait for its end: PT10S")
                .takes("Start", true)
                .gives(200, "Run", "the run there is under that id, or that has ended meanwhile")
                .gives(201, "Run", "the run, which is durable")
                .gives(202, "Run", "the run, which has not ended in time")
                .refuses(404, 409, 503),
            this::start)
        .on(
            RunFilters.declared(
                    Operation.of("GET", ALL, "listRuns", "Lists runs, newest first")
                        .needs(Role.VIEWER, Reach.SOMEWHERE))
                .query("limit", "{\"type\": \"integer\", \"maximum\": 500}", "how many")
                .query("cursor", "{\"type\": \"string\"}", "`next` of the page before")
                .gives(200, "RunList", "a page; the last has no `next`")
                .refuses(400),
            this::list)
        .on(
            Operation.of("GET", ONE, "readRun", "Reads a run")
                .needs(Role.VIEWER, Reach.RUN)
                .query("wait", "{\"type\": \"string\"}", "how long to wait for its end: PT10S")
                .gives(200, "Run", "the run; with an ETag if it has ended")
                .refuses(404, 409),
            this::one);
  }

  private JsonNode view(String id) {
    return skein.run(id).toJson();
  }

  private Answer start(Request request) throws InterruptedException {
    JsonNode body = request.object();
    WorkflowRef workflow = workflow(request, body.path("workflow"));
    Duration wait = wait(request.query("wait"));
    String id = Bodies.text(body, "id");
    boolean known = id != null && skein.look().find(id) != null;
    JsonNode input = body.get("input");
    RunRow row =
        skein.start(
            new Begin(
                workflow,
                input == null ? Json.NODES.objectNode() : input,
                id,
                priority(body),
                attributes(request, body.path("attributes"))));
    String location = ALL + "/" + row.id();
    if (wait == null) {
      return Answer.json(known ? 200 : 201, view(row.id())).with("Location", location);
    }
    RunView ended = skein.await(row.id(), wait);
    return Answer.json(ended == null ? 202 : 200, view(row.id())).with("Location", location);
  }

  private WorkflowRef workflow(Request request, JsonNode given) {
    String namespace = Bodies.text(given, "namespace");
    String name = Bodies.text(given, "name");
    String version = Bodies.text(given, "version");
    if (name == null) {
      throw Refusal.malformed("'workflow' must be {namespace, name, version?}");
    }
    if (namespace != null && version != null) {
      request.demand(Role.DEVELOPER, namespace, noWorkflow(namespace + "/" + name));
      return new WorkflowRef(namespace, name, version);
    }
    String path = namespace == null ? name : namespace + "/" + name;
    WorkflowRef newest = skein.find(version == null ? path : path + ":" + version);
    if (newest == null) {
      throw noWorkflow(path);
    }
    request.demand(Role.DEVELOPER, newest.namespace(), noWorkflow(path));
    return newest;
  }

  private static Refusal noWorkflow(String path) {
    return Refusal.of(
        404, "no-such-workflow", "there is no workflow '" + path + "'; deploy it first");
  }

  private static @Nullable Integer priority(JsonNode body) {
    JsonNode given = body.get("priority");
    if (given == null || given.isNull()) {
      return null;
    }
    int priority = given.isInt() ? given.intValue() : 0;
    if (priority < 1 || priority > LOWEST_PRIORITY) {
      throw Refusal.malformed("'priority' must be a number from 1 to 5");
    }
    return priority;
  }

  private Map<String, String> attributes(Request request, JsonNode given) {
    var attributes = new LinkedHashMap<>(skein.telemetry().traces().kept(request::header));
    for (Map.Entry<String, JsonNode> one : given.properties()) {
      if (one.getValue().isContainer()) {
        throw Refusal.malformed("attribute '" + one.getKey() + "' must be a single value");
      }
      attributes.put(one.getKey(), one.getValue().asString());
    }
    return attributes;
  }

  private static @Nullable Duration wait(@Nullable String written) {
    if (written == null) {
      return null;
    }
    try {
      Duration wait = Duration.parse(written);
      return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    } catch (DateTimeParseException e) {
      throw Refusal.malformed("'wait' must be a duration such as PT10S, not '" + written + "'");
    }
  }

  private void ended(String id, Duration patience) throws InterruptedException {
    try {
      var _ = skein.await(id, patience);
    } catch (IncidentException e) {
      // its view tells of it
    }
  }

  private Answer list(Request request) {
    int limit = Bodies.limit(request, USUAL_PAGE, LARGEST_PAGE);
    RunPage found = skein.look().page(RunFilters.of(request, Bodies.cursor(request), limit));
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode runs = page.putArray("runs");
    found.runs().stream().map(RunView::summary).forEach(runs::add);
    if (found.next() != null) {
      page.put("next", Bodies.cursor(found.next()));
    }
    return Answer.ok(page);
  }

  private Answer one(Request request) throws InterruptedException {
    Duration wait = wait(request.query("wait"));
    if (wait != null) {
      ended(request.parameter("id"), wait);
    }
    RunView run = skein.run(request.parameter("id"));
    Answer answer = Answer.ok(run.toJson());
    return run.row().status().ended() ? answer.tagged() : answer;
  }
}
