package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.Event;
import dev.skein.runtime.EventLog;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Shows the log of events, and who has listened.
public final class EventLogApi {
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final EventLog log;

  public EventLogApi(EventLog log) {
    this.log = log;
  }

  public void add(Routes routes) {
    routes.on(
        Operation.of("GET", "/api/v1/events", "listEvents", "The log of events, newest first")
            .needs(Role.VIEWER, Reach.EVERYWHERE)
            .query("type", "{\"type\": \"string\"}", "what the types of the events begin with")
            .query("limit", "{\"type\": \"integer\", \"maximum\": 200}", "how many")
            .query("cursor", "{\"type\": \"string\"}", "`next` of the page before")
            .gives(200, "EventPage", "a page, maybe empty; the last has no `next`")
            .refuses(400),
        this::list);
  }

  private Answer list(Request request) {
    int limit = Bodies.limit(request, USUAL_PAGE, LARGEST_PAGE);
    EventLog.Page found = log.page(request.query("type"), Bodies.cursor(request), limit);
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode events = page.putArray("events");
    found.events().forEach(event -> events.add(json(event)));
    if (found.next() != null) {
      page.put("next", Bodies.cursor(found.next()));
    }
    return Answer.ok(page).with("Cache-Control", "no-store");
  }

  private static ObjectNode json(EventLog.Logged logged) {
    Event event = logged.event();
    ObjectNode json = Json.NODES.objectNode();
    json.put("number", event.number());
    json.put("at", event.at().toString());
    json.put("sentTo", logged.sentTo());
    json.set("event", Json.json(event.payload()));
    ArrayNode takers = json.putArray("takenBy");
    logged.takers().forEach(takers::add);
    return json;
  }
}
