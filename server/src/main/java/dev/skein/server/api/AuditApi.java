package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.AuditEntry;
import dev.skein.runtime.access.AuditTrail;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Shows the audit log.
public final class AuditApi {
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private final AuditTrail trail;

  public AuditApi(AuditTrail trail) {
    this.trail = trail;
  }

  public void add(Routes routes) {
    routes.on(
        Operation.of("GET", "/api/v1/audit", "listAudit", "Who has asked for what, newest first")
            .needs(Role.ADMIN, Reach.EVERYWHERE)
            .query("limit", "{\"type\": \"integer\", \"maximum\": 500}", "how many")
            .query("cursor", "{\"type\": \"string\"}", "`next` of the page before")
            .gives(200, "AuditPage", "a page; the last has no `next`")
            .refuses(400),
        this::list);
  }

  private Answer list(Request request) {
    int limit = Bodies.limit(request, USUAL_PAGE, LARGEST_PAGE);
    List<AuditEntry> found = trail.page(Bodies.cursor(request), limit);
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode entries = page.putArray("entries");
    found.forEach(entry -> entries.add(json(entry)));
    if (!found.isEmpty() && found.getLast().number() > 1) {
      page.put("next", Bodies.cursor(found.getLast().number()));
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
