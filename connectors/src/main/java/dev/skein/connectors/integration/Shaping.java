package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.policy.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns requests and answers into what the other side expects, as a policy says.
final class Shaping {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String CONTENT = "content";

  private final Policy.Transform transform;
  private final Filling filling;

  Shaping(Policy.Transform transform, Filling filling) {
    this.transform = transform;
    this.filling = filling;
  }

  /// Expressions see `{method, uri, headers, query, body}` as the call has them.
  HttpCall request(HttpCall call) throws HttpCallException {
    Policy.RequestShape shape = transform.request();
    if (shape == null) {
      return call;
    }
    JsonNode seen = seen(call);
    HttpCall shaped = call;
    if (shape.body() != null) {
      shaped = shaped.withBody(filling.filled(shape.body(), seen));
    }
    if (shape.headers() != null) {
      shaped = shaped.withHeaders(headers(shaped.headers(), filling.filled(shape.headers(), seen)));
    }
    if (shape.query() != null) {
      shaped = shaped.withQuery(query(shaped.query(), filling.filled(shape.query(), seen)));
    }
    return shaped;
  }

  private static JsonNode seen(HttpCall call) {
    ObjectNode seen = NODES.objectNode();
    seen.put("method", call.method());
    seen.put("uri", call.uri().toString());
    ObjectNode headers = seen.putObject("headers");
    call.headers().forEach(headers::put);
    ObjectNode query = seen.putObject("query");
    call.query()
        .forEach((name, values) -> {
          if (values.size() == 1) {
            query.put(name, values.getFirst());
          } else {
            values.forEach(query.withArray(name)::add);
          }
        });
    JsonNode body = call.body();
    seen.set("body", body == null ? NODES.nullNode() : body);
    return seen;
  }

  /// Null takes a header away.
  private static Map<String, String> headers(Map<String, String> before, JsonNode changes)
      throws HttpCallException {
    var headers = new LinkedHashMap<>(before);
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      headers.keySet().removeIf(change.getKey()::equalsIgnoreCase);
      String value = single(change.getValue(), "transform.request.headers." + change.getKey());
      if (value != null) {
        headers.put(change.getKey(), value);
      }
    }
    return headers;
  }

  private static Map<String, List<String>> query(Map<String, List<String>> before, JsonNode changes)
      throws HttpCallException {
    var query = new LinkedHashMap<>(before);
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      query.remove(change.getKey());
      String value = single(change.getValue(), "transform.request.query." + change.getKey());
      if (value != null) {
        query.put(change.getKey(), List.of(value));
      }
    }
    return query;
  }

  private static @Nullable String single(JsonNode value, String where) throws HttpCallException {
    if (value.isContainer()) {
      throw HttpCallException.configuration(where + " must be a single value");
    }
    return value.isNull() ? null : value.asString();
  }

  /// Expressions see `{status, headers, body}`. Bytes are left as they are.
  JsonNode answer(HttpCall call, Reply reply) {
    Policy.ResponseShape response = transform.response();
    JsonNode shape = response == null ? null : response.body();
    if (shape == null || call.output() == HttpCall.Output.RAW) {
      return reply.output();
    }
    boolean whole = call.output() == HttpCall.Output.RESPONSE;
    ObjectNode seen = NODES.objectNode();
    seen.put("status", reply.status());
    ObjectNode headers = seen.putObject("headers");
    reply.headers().forEach(headers::put);
    seen.set("body", whole ? reply.output().path(CONTENT) : reply.output());
    JsonNode shaped = filling.filled(shape, seen);
    if (!whole) {
      return shaped;
    }
    ObjectNode output = (ObjectNode) reply.output().deepCopy();
    output.set(CONTENT, shaped);
    return output;
  }
}
