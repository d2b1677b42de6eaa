package dev.skein.server.published;

import dev.skein.interpreter.Json;
import dev.skein.model.ApiOperation;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes the input of a run out of a request.
final class Inputs {
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "DELETE");

  private Inputs() {}

  /// The body, with the parameters of the path and of the query as further properties. Of a webhook
  /// it is the body alone, as nothing else is signed.
  ///
  /// @param request with the parameters of its path
  /// @throws Refusal 400 or 415
  static JsonNode of(Endpoint endpoint, Request request) {
    ApiOperation operation = endpoint.operation();
    JsonNode body = body(operation, request);
    Map<String, List<String>> parameters =
        operation.webhook() == null ? parameters(request) : Map.of();
    if (parameters.isEmpty()) {
      return body;
    }
    if (!(body instanceof ObjectNode object)) {
      throw Refusal.malformed(
          "with parameters in the path or the query the body must be an object");
    }
    InputSchema schema = InputSchema.of(endpoint.definition().data().inputSchema());
    ObjectNode input = object.deepCopy();
    parameters.forEach((name, values) -> {
      if (input.has(name)) {
        throw twice(name);
      }
      input.set(name, schema.converted(name, values));
    });
    return input;
  }

  private static Map<String, List<String>> parameters(Request request) {
    var all = new LinkedHashMap<>(request.query());
    request
        .parameters()
        .forEach((name, value) -> {
          if (all.put(name, List.of(value)) != null) {
            throw twice(name);
          }
        });
    return all;
  }

  private static Refusal twice(String name) {
    return Refusal.of(
        400, "given-twice", "'" + name + "' is given in two of path, query and body; give it once");
  }

  private static JsonNode body(ApiOperation operation, Request request) {
    if (request.body().length == 0) {
      return Json.NODES.objectNode();
    }
    if (WITHOUT_BODY.contains(operation.method())) {
      throw Refusal.malformed(operation.method() + " takes no body here; use the query");
    }
    String type = request.header("Content-Type");
    String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!bare.isEmpty() && !bare.equals("application/json") && !bare.endsWith("+json")) {
      throw Refusal.of(415, "unsupported-media-type", "the body must be JSON, not " + bare)
          .with(Map.of("Accept", "application/json"));
    }
    return request.json();
  }
}
