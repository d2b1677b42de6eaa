package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.Event;
import dev.skein.runtime.EventLog;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Shows the log of events, and who has listened.
public final class EventLogApi {
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private static final String REPLAY = "/api/v1/events/{number}/replay";

  /// The attribute of a copy that says of which event it is one.
  private static final String REPLAY_OF = "skeinreplayof";

  private final Skein skein;
  private final EventLog log;

  public EventLogApi(Skein skein) {
    this.skein = skein;
    this.log = skein.look().events();
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("POST", REPLAY, "replayEvent", "Publishes an event of the log once more")
                .needs(Role.OPERATOR, Reach.EVERYWHERE)
                .takes("Reason", false)
                .gives(202, "Replayed", "a copy with an id of its own is durable")
                .refuses(400, 404, 409, 503),
            this::replay)
        .on(
            Operation.of("GET", "/api/v1/events", "listEvents", "The log of events, newest first")
                .needs(Role.VIEWER, Reach.EVERYWHERE)
                .query("type", "{\"type\": \"string\"}", "what the types of the events begin with")
                .query("limit", "{\"type\": \"integer\", \"maximum\": 200}", "how many")
                .query("cursor", "{\"type\": \"string\"}", "`next` of the page before")
                .gives(200, "EventPage", "a page, maybe empty; the last has no `next`")
                .refuses(400),
            this::list);
  }

  /// Whoever listens now, and has not taken it before, hears of it.
  private Answer replay(Request request) {
    String _ = Bodies.reason(request.object(), "asked for by a request");
    EventLog.Logged logged = log.find(number(request.parameter("number")));
    if (logged == null) {
      throw Refusal.of(404, "no-such-event", "there is no such event in the log");
    }
    if (logged.event().run() != null) {
      throw Refusal.of(409, "not-replayable", "it was sent to one run, and is for no other");
    }
    ObjectNode copy = (ObjectNode) Json.json(logged.event().payload());
    String id = copy.path("id").asString() + "~" + UUID.randomUUID();
    copy.put(REPLAY_OF, copy.path("id").asString()).put("id", id);
    skein.publish(copy);
    return Answer.json(202, Json.NODES.objectNode().put("id", id));
  }

  private static long number(String written) {
    try {
      return Long.parseLong(written);
    } catch (NumberFormatException e) {
      return 0;
    }
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
