package dev.skein.connectors.openapi;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.openapi.ApiSchemas.Direction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an API's document says of requests and their answers. Equal to itself only. Thread-safe.
public final class Contract {
  private static final int MOST_SAID = 5;

  private final String name;
  private final Routes routes;
  private final References references;
  private final SchemaChecks checks;

  /// @param name for people
  public Contract(String name, ApiDocument api, SchemaChecks checks) {
    this.name = name;
    this.routes = new Routes(api);
    this.references = new References(api.root());
    this.checks = checks;
  }

  /// What is wrong with a request, as a sentence; null if nothing is. What authentication adds to
  /// it is not looked at.
  public @Nullable String inRequest(HttpCall call) {
    Route route = route(call);
    if (route == null) {
      return "%s has no operation %s %s".formatted(name, call.method(), call.uri().getRawPath());
    }
    var wrong = new ArrayList<String>();
    parameters(route, call, wrong);
    body(route.operation(), call, wrong);
    return sentence("the request", route.operation(), wrong);
  }

  /// What is wrong with an answer; null if nothing is.
  ///
  /// @param call that it answers
  public @Nullable String inReply(HttpCall call, Reply reply) {
    Route route = route(call);
    if (route == null) {
      return null; // there is nothing it could break
    }
    var wrong = new ArrayList<String>();
    Operation.Response response = declared(route.operation(), reply.status(), wrong);
    String type = header(reply.headers(), "Content-Type");
    if (response != null && type != null && !response.content().isEmpty()) {
      JsonNode schema = schema(response.content(), type, wrong);
      JsonNode content = content(call.output(), reply.output());
      if (schema != null && isJson(type)) {
        wrong.addAll(checks.violations(schema, Direction.RESPONSE, content));
      }
    }
    return sentence("the answer", route.operation(), wrong);
  }

  /// The same for an answer that is an error.
  public @Nullable String inError(HttpCall call, HttpCallException error) {
    Route route = route(call);
    if (route == null || error.reach() != HttpCallException.Reach.ANSWERED) {
      return null;
    }
    var wrong = new ArrayList<String>();
    Operation.Response response = declared(route.operation(), error.status(), wrong);
    JsonNode body = error.body();
    if (response != null && body != null && body.isContainer()) {
      response.content().entrySet().stream()
          .filter(content -> isJson(content.getKey()))
          .findFirst()
          .map(content -> checks.violations(content.getValue(), Direction.RESPONSE, body))
          .ifPresent(wrong::addAll);
    }
    return sentence("the answer", route.operation(), wrong);
  }

  private @Nullable Route route(HttpCall call) {
    return routes.find(call.method(), call.uri().getRawPath());
  }

  private @Nullable String sentence(String what, Operation operation, List<String> wrong) {
    if (wrong.isEmpty()) {
      return null;
    }
    String all = wrong.stream().limit(MOST_SAID).collect(Collectors.joining("; "));
    return "%s is not what %s says of %s: %s".formatted(what, name, operation, all);
  }

  private static Operation.@Nullable Response declared(
      Operation operation, int status, List<String> wrong) {
    Operation.Response response = operation.response(status);
    if (response == null) {
      wrong.add("the status %d is not declared".formatted(status));
    }
    return response;
  }

  private void parameters(Route route, HttpCall call, List<String> wrong) {
    var given = new GivenParameters(call, route.parameters());
    for (Parameter parameter : route.operation().parameters()) {
      List<JsonNode> readings = given.readings(parameter, followed(parameter.schema()));
      if (readings.isEmpty()) {
        if (parameter.required()) {
          wrong.add("the %s is missing".formatted(parameter));
        }
        continue;
      }
      List<List<String>> violations =
          readings.stream()
              .map(it -> checks.violations(parameter.schema(), Direction.REQUEST, it))
              .toList();
      if (violations.stream().noneMatch(List::isEmpty)) {
        wrong.add("the %s: %s".formatted(parameter, String.join(", ", violations.getFirst())));
      }
    }
  }

  private JsonNode followed(JsonNode schema) {
    try {
      return references.followed(schema);
    } catch (InvalidApi e) {
      return schema;
    }
  }

  private void body(Operation operation, HttpCall call, List<String> wrong) {
    JsonNode sent = call.body();
    Operation.Body body = operation.body();
    if (body == null || sent == null) {
      if (sent != null) {
        wrong.add("it takes no body");
      } else if (body != null && body.required()) {
        wrong.add("the body is missing");
      }
      return;
    }
    String type = header(call.headers(), "Content-Type");
    if (type == null) {
      type = sent.isString() ? "text/plain" : "application/json";
    }
    JsonNode schema = schema(body.content(), type, wrong);
    if (schema != null && (isJson(type) || sent.isObject())) {
      wrong.addAll(checks.violations(schema, Direction.REQUEST, sent));
    }
  }

  /// That of the media type, or of a range it is in.
  private static @Nullable JsonNode schema(
      Map<String, JsonNode> content, String type, List<String> wrong) {
    String bare = bare(type);
    var byType = new TreeMap<String, JsonNode>();
    content.forEach((declared, schema) -> byType.putIfAbsent(bare(declared), schema));
    for (String range : List.of(bare, bare.replaceFirst("/.*", "/*"), "*/*")) {
      JsonNode schema = byType.get(range);
      if (schema != null) {
        return schema;
      }
    }
    wrong.add("it is %s, not %s".formatted(bare, String.join(" or ", byType.keySet())));
    return null;
  }

  private static String bare(String type) {
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(String type) {
    String bare = bare(type);
    return bare.equals("application/json") || bare.endsWith("+json");
  }

  private static JsonNode content(HttpCall.Output wanted, JsonNode output) {
    return switch (wanted) {
      case CONTENT -> output;
      case RESPONSE -> output.path("content");
      case RAW -> parsed(output);
    };
  }

  private static JsonNode parsed(JsonNode base64) {
    byte[] bytes = Base64.getDecoder().decode(base64.asString(""));
    try {
      return JsonMapper.shared().readTree(new String(bytes, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      return base64; // which is no JSON, and fits no schema of it
    }
  }

  private static @Nullable String header(Map<String, String> headers, String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  @Override
  public String toString() {
    return name;
  }
}
