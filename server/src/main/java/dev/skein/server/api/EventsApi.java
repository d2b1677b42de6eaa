package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// CloudEvents that come in, in any of the modes of their HTTP binding: structured, batched or
/// binary.
public final class EventsApi {
  private static final String ATTRIBUTE = "ce-";
  private static final int LARGEST_BATCH = 1_000;

  private final Skein skein;

  public EventsApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes.on(
        Operation.of("POST", "/api/v1/events", "publish", "Publishes CloudEvents, in any mode")
            .needs(Role.OPERATOR, Reach.EVERYWHERE)
            .makes()
            .takes(
                new Operation.Body(
                    List.of(
                        "application/cloudevents+json",
                        "application/cloudevents-batch+json",
                        Operation.JSON,
                        "*/*"),
                    "",
                    true))
            .gives(202, "Accepted", "they are durable")
            .refuses(400, 413, 503),
        this::publish);
  }

  private Answer publish(Request request) {
    List<JsonNode> events = events(request);
    if (events.size() > LARGEST_BATCH) {
      throw Refusal.of(
          413, "too-large", "a batch may have %d events at most".formatted(LARGEST_BATCH));
    }
    try {
      skein.publish(events);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, "invalid-event", e.getMessage());
    }
    return Answer.json(202, Json.NODES.objectNode().put("accepted", events.size()));
  }

  private static List<JsonNode> events(Request request) {
    String type = request.mediaType();
    if (request.header(ATTRIBUTE + "id") != null || request.header(ATTRIBUTE + "type") != null) {
      return List.of(binary(request, type));
    }
    JsonNode body = request.json();
    if (!body.isArray()) {
      return List.of(structured(body));
    }
    var events = new ArrayList<JsonNode>();
    body.forEach(event -> events.add(structured(event)));
    return events;
  }

  private static JsonNode structured(JsonNode event) {
    if (!event.isObject()) {
      throw Refusal.of(400, "invalid-event", "a CloudEvent is a JSON object");
    }
    return event;
  }

  private static JsonNode binary(Request request, @Nullable String type) {
    ObjectNode event = Json.NODES.objectNode();
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(ATTRIBUTE)) {
        event.put(name.substring(ATTRIBUTE.length()), decoded(name, header.getValue()));
      }
    }
    if (type != null) {
      event.put("datacontenttype", type);
    }
    if (request.body().length == 0) {
      return event;
    }
    if (type == null || type.endsWith("json")) {
      event.set("data", request.json());
    } else if (type.startsWith("text/")) {
      event.put("data", request.text());
    } else {
      event.put("data_base64", Base64.getEncoder().encodeToString(request.body()));
    }
    return event;
  }

  private static String decoded(String header, String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(
          400, "invalid-event", "the header " + header + " is not percent-encoded as it should be");
    }
  }
}
