package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.StoredKey;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes, lists and revokes keys.
public final class KeysApi {
  private static final String ALL = "/api/v1/keys";

  private final Keys keys;

  public KeysApi(Keys keys) {
    this.keys = keys;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", ALL, "listKeys", "Every key there ever was")
                .needs(Role.ADMIN, Reach.EVERYWHERE)
                .gives(200, "Keys", "what each allows; not the keys themselves"),
            _ -> list())
        .on(
            Operation.of("POST", ALL, "createKey", "Makes a key, which is shown this once")
                .needs(Role.ADMIN, Reach.EVERYWHERE)
                .takes("KeyRequest", true)
                .gives(201, "NewKey", "the key, which is durable")
                .refuses(400, 503),
            this::create)
        .on(
            Operation.of("DELETE", ALL + "/{id}", "revokeKey", "Makes a key count no more")
                .needs(Role.ADMIN, Reach.EVERYWHERE)
                .gives(200, "Key", "the key, which is listed for ever")
                .refuses(404, 503),
            this::revoke);
  }

  private Answer list() {
    ObjectNode json = Json.NODES.objectNode();
    ArrayNode all = json.putArray("keys");
    keys.all().forEach(key -> all.add(json(key)));
    return Answer.ok(json).with("Cache-Control", "no-store");
  }

  /// What may be told of a key.
  public static ObjectNode json(StoredKey key) {
    ObjectNode json = Json.NODES.objectNode().put("id", key.id()).put("name", key.name());
    ObjectNode roles = json.putObject("roles");
    Roles.parse(key.grants()).byNamespace().forEach((where, role) -> roles.put(where, role + ""));
    json.put("createdAt", key.createdAt().toString());
    json.put("expiresAt", key.expiresAt() == null ? null : key.expiresAt().toString());
    json.put("usedAt", key.usedAt() == null ? null : key.usedAt().toString());
    json.put("revokedAt", key.revokedAt() == null ? null : key.revokedAt().toString());
    return json;
  }

  private Answer create(Request request) {
    JsonNode body = request.object();
    try {
      Keys.Made made =
          keys.make(
              Bodies.needed(body, "name"),
              Roles.of(Role.of(Bodies.needed(body, "role")), namespaces(body)),
              validity(Bodies.text(body, "expires")));
      return Answer.json(201, json(made.key()).put("key", made.shown()))
          .with("Location", ALL + "/" + made.key().id())
          .with("Cache-Control", "no-store");
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> namespaces(JsonNode body) {
    var names = new ArrayList<String>();
    JsonNode given = body.path("namespaces");
    if (!given.isMissingNode() && !given.isArray()) {
      throw Refusal.malformed("'namespaces' must be a list"); // and not silently all of them
    }
    for (JsonNode name : given) {
      names.add(name.isString() ? name.asString() : "");
    }
    return names;
  }

  private static @Nullable Duration validity(@Nullable String written) {
    try {
      return written == null ? null : Duration.parse(written);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'expires' must be a duration such as P90D, not '" + written + "'", e);
    }
  }

  private Answer revoke(Request request) {
    StoredKey key = keys.revoke(request.parameter("id"));
    if (key == null) {
      throw Refusal.of(
          404, "no-such-key", "there is no key of the id '%s'".formatted(request.parameter("id")));
    }
    return Answer.ok(json(key));
  }
}
