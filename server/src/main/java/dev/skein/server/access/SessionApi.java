package dev.skein.server.access;

import dev.skein.interpreter.Json;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Logins;
import dev.skein.runtime.access.Principal;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Logs people in to the console by a key, tells them who they are, and logs them out.
public final class SessionApi {
  private static final String PATH = "/api/v1/session";
  private static final String SET_COOKIE = "Set-Cookie";

  private final Identities identities;
  private final Sessions sessions;
  private final boolean byOidc;

  public SessionApi(Identities identities, Sessions sessions, boolean byOidc) {
    this.identities = identities;
    this.sessions = sessions;
    this.byOidc = byOidc;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", PATH, "readSession", "Who asks, and what they may do")
                .open()
                .gives(200, "Session", "who it is")
                .refuses(401),
            this::read)
        .on(
            Operation.of("GET", PATH + "/ways", "listLogins", "How people can log in")
                .open()
                .gives(200, "LoginWays", "by a key, and by `oidc` if the project has set it"),
            _ -> ways())
        .on(
            Operation.of("POST", PATH, "login", "Begins a session by a key")
                .open()
                .takes("Login", true)
                .gives(200, "Session", "it has begun; its cookie is set")
                .refuses(400, 401, 403, 429),
            this::begin)
        .on(
            Operation.of("DELETE", PATH, "logout", "Ends the session")
                .open()
                .gives(204, new Operation.Reply("it is over", java.util.List.of(), "")),
            request -> Answer.empty(204).with(SET_COOKIE, sessions.end(request)));
  }

  private Answer ways() {
    ObjectNode json = Json.NODES.objectNode();
    ArrayNode ways = json.putArray("ways").add("key");
    if (byOidc) {
      ways.add("oidc");
    }
    return Answer.ok(json);
  }

  private Answer read(Request request) {
    Principal principal = identities.of(request);
    return answer(principal, sessions.of(request));
  }

  private Answer begin(Request request) {
    if ("cross-site".equals(request.header("Sec-Fetch-Site"))) {
      throw Refusal.forbidden("pages of other sites may not log in");
    }
    String key = request.object().path("key").asString("").strip();
    Principal principal = identities.shown(key, request).principal();
    String id = Keys.id(key);
    Sessions.Begun begun = sessions.begin(new Logins.Holder(id, principal));
    return answer(principal, begun.session()).with(SET_COOKIE, begun.cookie());
  }

  private static Answer answer(Principal principal, Sessions.@Nullable Session session) {
    ObjectNode json = Json.NODES.objectNode().put("name", principal.name());
    ObjectNode roles = json.putObject("roles");
    principal.roles().byNamespace().forEach((where, role) -> roles.put(where, role.toString()));
    json.put("csrf", session == null ? null : Objects.requireNonNull(session).csrf());
    return Answer.ok(json).with("Cache-Control", "no-store");
  }
}
