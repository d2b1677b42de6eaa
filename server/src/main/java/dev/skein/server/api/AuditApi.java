package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.AuditEntry;
import dev.skein.runtime.access.AuditQuery;
import dev.skein.runtime.access.AuditTrail;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Shows the audit log.
public final class AuditApi {
  private static final String PATH = "/api/v1/audit";
  private static final String TEXT = "{\"type\": \"string\"}";
  private static final String TIME = "{\"type\": \"string\", \"format\": \"date-time\"}";
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private final AuditTrail trail;

  public AuditApi(AuditTrail trail) {
    this.trail = trail;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", PATH, "listAudit", "Who has asked for what, newest first")
                .needs(Role.ADMIN, Reach.EVERYWHERE)
                .query("who", TEXT, "a part of the name of who asked")
                .query("what", TEXT, "the name of the operation")
                .query("on", TEXT, "a part of the path it was about")
                .query("from", TIME, "only what was written then or later")
                .query("to", TIME, "only what was written before that")
                .query("limit", "{\"type\": \"integer\", \"maximum\": 500}", "how many")
                .query("cursor", TEXT, "`next` of the page before")
                .gives(200, "AuditPage", "a page, maybe empty; the last has no `next`")
                .refuses(400),
            this::list)
        .on(
            Operation.of("GET", PATH + "/verify", "verifyAudit", "Whether the audit log is whole")
                .needs(Role.ADMIN, Reach.EVERYWHERE)
                .query("anchor", TEXT, "`last` of a check before, kept outside of the log")
                .gives(200, "AuditVerdict", "what was found")
                .refuses(400),
            this::verify);
  }

  private Answer verify(Request request) {
    AuditTrail.Verdict verdict = trail.verify(anchor(request.query("anchor")));
    ObjectNode json = Json.NODES.objectNode();
    json.put("whole", verdict.broken() == null);
    json.put("entries", verdict.last().number());
    json.put("last", verdict.last().toString());
    json.put("broken", verdict.broken());
    return Answer.ok(json).with("Cache-Control", "no-store");
  }

  private static AuditTrail.@Nullable Anchor anchor(@Nullable String written) {
    try {
      return written == null ? null : AuditTrail.Anchor.parse(written);
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed(String.valueOf(e.getMessage()));
    }
  }

  private Answer list(Request request) {
    int limit = Bodies.limit(request, USUAL_PAGE, LARGEST_PAGE);
    var query =
        new AuditQuery(
            request.query("who"),
            request.query("what"),
            request.query("on"),
            Bodies.instant("from", request.query("from")),
            Bodies.instant("to", request.query("to")));
    AuditTrail.Page found = trail.page(query, Bodies.cursor(request), limit);
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode entries = page.putArray("entries");
    found.entries().forEach(entry -> entries.add(json(entry)));
    if (found.next() != null) {
      page.put("next", Bodies.cursor(found.next()));
    }
    return Answer.ok(page).with("Cache-Control", "no-store");
  }

  /// An entry with its place in the chain.
  public static ObjectNode json(AuditEntry entry) {
    ObjectNode json = Json.NODES.objectNode().put("number", entry.number());
    try {
      json.set("entry", Json.parse(entry.text()));
    } catch (JacksonException e) {
      json.put("entry", entry.text()); // somebody has changed it
    }
    return json.put("hash", entry.hash());
  }
}
