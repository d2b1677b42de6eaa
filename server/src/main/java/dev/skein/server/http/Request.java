package dev.skein.server.http;

import dev.skein.interpreter.Json;
import dev.skein.runtime.access.Principal;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A request, read whole.
///
/// @param path decoded
/// @param parameters what the route's path names, decoded
/// @param query decoded
/// @param headers without regard to case; repeated ones joined by commas
/// @param remote the address it comes from
/// @param principal who asks
@SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
public record Request(
    String method,
    String path,
    Map<String, String> parameters,
    Map<String, List<String>> query,
    Map<String, String> headers,
    String remote,
    byte[] body,
    Principal principal) {

  /// The same with what its route's path names.
  public Request with(Map<String, String> named) {
    return new Request(method, path, named, query, headers, remote, body, principal);
  }

  /// The same once it is known who asks.
  public Request by(Principal who) {
    return new Request(method, path, parameters, query, headers, remote, body, who);
  }

  /// What who asks may do, and where.
  public Roles roles() {
    return principal.roles();
  }

  /// @param hidden what is told to those who may not even know what is there
  /// @throws Refusal 403 for those who may look, but not do that
  public void demand(Role least, String namespace, Refusal hidden) {
    if (!roles().in(namespace, Role.VIEWER)) {
      throw hidden;
    }
    if (!roles().in(namespace, least)) {
      throw Refusal.forbidden(
          "%s is not %s of the namespace '%s'".formatted(principal.name(), least, namespace));
    }
  }

  /// A part of the path that the route names.
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  /// The first of that name; null if there is none.
  public @Nullable String query(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /// Of the body, in lower case and without parameters; null if nothing is said.
  public @Nullable String mediaType() {
    String type = header("Content-Type");
    return type == null ? null : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// The body, which must be JSON.
  ///
  /// @throws Refusal 400 if it is not
  public JsonNode json() {
    try {
      return Json.parse(text());
    } catch (JacksonException e) {
      throw Refusal.malformed("the body is not valid JSON: " + e.getOriginalMessage());
    }
  }

  /// The same for an object.
  public JsonNode object() {
    JsonNode json = body.length == 0 ? Json.NODES.objectNode() : json();
    if (!json.isObject()) {
      throw Refusal.malformed("the body must be a JSON object");
    }
    return json;
  }
}
