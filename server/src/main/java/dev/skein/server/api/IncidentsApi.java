package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Problems of runs that need somebody.
public final class IncidentsApi {
  private static final String ALL = "/api/v1/incidents";
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private final Skein skein;

  public IncidentsApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", ALL, "listIncidents", "Open incidents, newest first")
                .needs(Role.VIEWER, Reach.SOMEWHERE)
                .query("limit", "{\"type\": \"integer\", \"maximum\": 500}", "how many")
                .query("cursor", "{\"type\": \"string\"}", "`next` of the page before")
                .gives(200, "IncidentList", "a page; the last has no `next`")
                .refuses(400),
            this::list)
        .on(
            act("resolve", "resolveIncident", "Says that it was dealt with; the run stays"),
            this::resolve)
        .on(
            act("retry", "retryIncident", "Lets the run try again what it stopped at"),
            this::retry);
  }

  private static Operation act(String verb, String name, String summary) {
    return Operation.of("POST", ALL + "/{id}/" + verb, name, summary)
        .needs(Role.OPERATOR, Reach.INCIDENT)
        .takes("Reason", false)
        .gives(202, "Run", "the run, which needs nobody for this any more")
        .refuses(400, 404, 409, 503);
  }

  private Answer list(Request request) {
    int limit = Bodies.limit(request, USUAL_PAGE, LARGEST_PAGE);
    List<Incident> found = found(request, limit + 1);
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode incidents = page.putArray("incidents");
    found.stream().limit(limit).forEach(incident -> incidents.add(json(incident)));
    if (found.size() > limit) {
      page.put("next", Bodies.cursor(found.get(limit - 1).id()));
    }
    return Answer.ok(page);
  }

  /// Those that who asks may see.
  private List<Incident> found(Request request, int wanted) {
    var found = new ArrayList<Incident>();
    List<Incident> page;
    Long below = Bodies.cursor(request);
    do {
      page = skein.act().incidents(below, wanted);
      for (Incident incident : page) {
        below = incident.id();
        if (found.size() < wanted && isSeen(request, incident)) {
          found.add(incident);
        }
      }
    } while (page.size() == wanted && found.size() < wanted);
    return found;
  }

  private boolean isSeen(Request request, Incident incident) {
    if (request.roles().everywhereAtLeast(Role.VIEWER)) {
      return true;
    }
    RunRow run = skein.act().rowOf(incident);
    return run != null && request.roles().in(run.workflow().namespace(), Role.VIEWER);
  }

  private ObjectNode json(Incident incident) {
    return Json.NODES
        .objectNode()
        .put("id", RunNumbers.id(incident.id()))
        .put("run", skein.act().runOf(incident))
        .put("kind", incident.kind())
        .put("summary", incident.summary())
        .put("details", incident.details())
        .put("openedAt", incident.openedAt().toString());
  }

  private static long id(Request request) {
    OptionalLong id = RunNumbers.number(request.parameter("id"));
    if (id.isEmpty()) {
      throw Refusal.of(404, "no-such-incident", "there is no such open incident");
    }
    return id.getAsLong();
  }

  private static String reason(Request request) {
    return Bodies.reason(request.object(), "asked for by a request");
  }

  private Answer resolve(Request request) {
    String reason = reason(request);
    return run(skein.act().resolve(id(request), reason));
  }

  private Answer retry(Request request) {
    String reason = reason(request);
    return run(skein.act().retryIncident(id(request), reason));
  }

  private Answer run(Incident incident) {
    return Answer.json(202, skein.run(skein.act().runOf(incident)).toJson());
  }
}
