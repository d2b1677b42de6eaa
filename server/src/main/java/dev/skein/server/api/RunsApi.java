package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Begin;
import dev.skein.runtime.RunView;
import dev.skein.runtime.Skein;
import dev.skein.runtime.TaskView;
import dev.skein.runtime.graph.WorkflowGraph;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs: starting, looking at and acting on them.
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
        .on("POST", ALL, this::start)
        .on("GET", ALL, this::list)
        .on("GET", ONE, request -> Answer.ok(view(id(request))))
        .on("GET", ONE + "/tasks", this::tasks)
        .on("GET", ONE + "/journal", this::journal)
        .on("GET", ONE + "/why", this::why)
        .on("GET", ONE + "/graph.svg", this::graph)
        .on("POST", ONE + "/cancel", this::cancel)
        .on("POST", ONE + "/suspend", this::suspend)
        .on("POST", ONE + "/resume", this::resume)
        .on("POST", ONE + "/signal", this::signal);
  }

  private static String id(Request request) {
    return request.parameter("id");
  }

  private JsonNode view(String id) {
    return skein.run(id).toJson();
  }

  private Answer start(Request request) throws InterruptedException {
    JsonNode body = request.object();
    Duration wait = wait(request.query("wait"));
    String id = text(body, "id");
    boolean known = id != null && skein.look().find(id) != null;
    JsonNode input = body.get("input");
    RunRow row =
        skein.start(
            new Begin(
                workflow(body.path("workflow")),
                input == null ? Json.NODES.objectNode() : input,
                id,
                priority(body),
                attributes(body.path("attributes"))));
    String location = ALL + "/" + row.id();
    if (wait == null) {
      return Answer.json(known ? 200 : 201, view(row.id())).with("Location", location);
    }
    RunView ended = skein.await(row.id(), wait);
    return Answer.json(ended == null ? 202 : 200, view(row.id())).with("Location", location);
  }

  private WorkflowRef workflow(JsonNode given) {
    String namespace = text(given, "namespace");
    String name = text(given, "name");
    String version = text(given, "version");
    if (name == null) {
      throw Refusal.malformed("'workflow' must be {namespace, name, version?}");
    }
    if (namespace != null && version != null) {
      return new WorkflowRef(namespace, name, version);
    }
    String path = namespace == null ? name : namespace + "/" + name;
    WorkflowRef newest = skein.find(version == null ? path : path + ":" + version);
    if (newest == null) {
      throw Refusal.of(
          404, "no-such-workflow", "there is no workflow '" + path + "'; deploy it first");
    }
    return newest;
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

  private static Map<String, String> attributes(JsonNode given) {
    var attributes = new LinkedHashMap<String, String>();
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

  private static @Nullable String text(JsonNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString() || value.asString().isBlank()) {
      throw Refusal.malformed("'" + name + "' must be a text");
    }
    return value.asString();
  }

  /// Pages go on at `cursor`, the number of the last run of the page before.
  private Answer list(Request request) {
    int limit = limit(request.query("limit"));
    var filter =
        new RunFilter(
            statuses(request.query().get("status")),
            request.query("workflow"),
            cursor(request.query("cursor")),
            limit + 1);
    List<RunRow> rows = skein.list(filter);
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode runs = page.putArray("runs");
    rows.stream().limit(limit).map(RunView::summary).forEach(runs::add);
    if (rows.size() > limit) {
      page.put("cursor", Long.toString(rows.get(limit - 1).number()));
    }
    return Answer.ok(page);
  }

  private static int limit(@Nullable String written) {
    if (written == null) {
      return USUAL_PAGE;
    }
    int limit = (int) number("limit", written);
    if (limit < 1 || limit > LARGEST_PAGE) {
      throw Refusal.malformed("'limit' must be a number from 1 to " + LARGEST_PAGE);
    }
    return limit;
  }

  private static @Nullable Long cursor(@Nullable String written) {
    return written == null ? null : Long.valueOf(number("cursor", written));
  }

  private static long number(String name, String written) {
    try {
      return Long.parseLong(written);
    } catch (NumberFormatException e) {
      throw Refusal.malformed("'%s' must be a number, not '%s'".formatted(name, written));
    }
  }

  private static Set<RunStatus> statuses(@Nullable List<String> written) {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String several : Objects.requireNonNullElse(written, List.<String>of())) {
      for (String one : several.split(",", -1)) {
        try {
          statuses.add(RunStatus.valueOf(one.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw Refusal.malformed("there is no status '" + one + "'");
        }
      }
    }
    return statuses;
  }

  private Answer tasks(Request request) {
    ArrayNode tasks = Json.NODES.arrayNode();
    for (TaskView task : skein.tasks(id(request))) {
      tasks.add(task.toJson());
    }
    return Answer.ok(tasks);
  }

  private Answer journal(Request request) {
    ArrayNode entries = Json.NODES.arrayNode();
    for (Entry entry : skein.look().journal(id(request))) {
      entries.add(
          Json.NODES
              .objectNode()
              .put("at", entry.at().toString())
              .put("entry", entry.getClass().getSimpleName()));
    }
    return Answer.ok(entries);
  }

  private Answer why(Request request) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("id", id(request));
    json.put("status", skein.run(id(request)).status());
    json.set("waitingFor", RunView.reasons(skein.why(id(request))));
    return Answer.ok(json);
  }

  private Answer graph(Request request) {
    WorkflowRef ref = skein.run(id(request)).row().workflow();
    var stored = skein.look().definition(ref);
    if (stored == null) {
      throw Refusal.notFound("workflow " + ref + " is written in Java and has no graph");
    }
    return Answer.of(200, "image/svg+xml", WorkflowGraph.svg(Skein.read(stored.source())));
  }

  private Answer cancel(Request request) {
    skein.cancel(id(request), reason(request, "cancelled by a request"));
    return acted(request);
  }

  private Answer suspend(Request request) {
    skein.suspend(id(request), reason(request, "suspended by a request"));
    return acted(request);
  }

  private Answer resume(Request request) {
    skein.resume(id(request));
    return acted(request);
  }

  private Answer signal(Request request) {
    JsonNode body = request.object();
    String name = text(body, "name");
    if (name == null) {
      throw Refusal.malformed("'name' of the signal is missing");
    }
    skein.signal(id(request), name, body.get("data"));
    return acted(request);
  }

  private Answer acted(Request request) {
    return Answer.json(202, view(id(request)));
  }

  private static String reason(Request request, String otherwise) {
    return Objects.requireNonNullElse(text(request.object(), "reason"), otherwise);
  }
}
