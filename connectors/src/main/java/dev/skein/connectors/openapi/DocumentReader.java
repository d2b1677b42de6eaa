package dev.skein.connectors.openapi;

import dev.skein.connectors.openapi.Operation.Body;
import dev.skein.connectors.openapi.Operation.Response;
import dev.skein.connectors.openapi.Parameter.In;
import dev.skein.connectors.openapi.Parameter.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a document of OpenAPI 3. Used once.
final class DocumentReader {
  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]+)}");

  private final JsonNode root;
  private final References references;

  DocumentReader(JsonNode root) {
    this.root = root;
    this.references = new References(root);
  }

  ApiDocument read() throws InvalidApi {
    if (!root.path("paths").isObject() && !root.has("components") && !root.has("webhooks")) {
      throw new InvalidApi("it has no 'paths'");
    }
    var operations = new ArrayList<Operation>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      JsonNode item = references.followed(path.getValue());
      for (String method : METHODS) {
        if (item.path(method).isObject()) {
          operations.add(operation(path.getKey(), item, method));
        }
      }
    }
    return new ApiDocument(root, List.copyOf(operations));
  }

  private Operation operation(String path, JsonNode item, String method) throws InvalidApi {
    JsonNode written = item.path(method);
    JsonNode id = written.path("operationId");
    String pointer = "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method;
    return new Operation(
        id.isString() ? id.asString() : null,
        method.toUpperCase(Locale.ROOT),
        path,
        pointer,
        written.path("deprecated").asBoolean(false),
        servers(written, item),
        parameters(item, written),
        body(references.followed(written.path("requestBody"))),
        responses(written),
        security(written).valueStream().toList(),
        keys(written));
  }

  private List<String> servers(JsonNode operation, JsonNode item) {
    for (JsonNode at : List.of(operation, item, root)) {
      JsonNode servers = at.path("servers");
      if (servers.isArray() && !servers.isEmpty()) {
        return servers.valueStream().map(DocumentReader::url).toList();
      }
    }
    return List.of("/");
  }

  private static String url(JsonNode server) {
    Matcher variable = VARIABLE.matcher(server.path("url").asString("/"));
    return variable.replaceAll(found ->
        Matcher.quoteReplacement(
            server.path("variables").path(found.group(1)).path("default").asString("")));
  }

  /// Those of the operation in place of those of its path.
  private List<Parameter> parameters(JsonNode item, JsonNode operation) throws InvalidApi {
    var parameters = new LinkedHashMap<String, Parameter>();
    for (JsonNode at : List.of(item, operation)) {
      for (JsonNode written : at.path("parameters")) {
        Parameter parameter = parameter(references.followed(written));
        parameters.put(parameter.in() + " " + parameter.name(), parameter);
      }
    }
    return List.copyOf(parameters.values());
  }

  private Parameter parameter(JsonNode written) throws InvalidApi {
    String name = written.path("name").asString("");
    In in = in(written.path("in").asString(""), name);
    Style style = style(written.path("style").asString(null), in, name);
    JsonNode content = written.path("content");
    String mediaType = content.isObject() ? first(content) : null;
    JsonNode schema = mediaType == null ? written : content.path(mediaType);
    return new Parameter(
        name,
        in,
        in == In.PATH || written.path("required").asBoolean(false),
        written.path("deprecated").asBoolean(false),
        style,
        written.path("explode").asBoolean(style == Style.FORM),
        written.path("allowReserved").asBoolean(false),
        schema.path("schema"),
        mediaType);
  }

  private static @Nullable String first(JsonNode object) {
    return object.propertyNames().stream().findFirst().orElse(null);
  }

  private static In in(String text, String name) throws InvalidApi {
    return switch (text) {
      case "path" -> In.PATH;
      case "query" -> In.QUERY;
      case "header" -> In.HEADER;
      case "cookie" -> In.COOKIE;
      default -> throw new InvalidApi("the parameter '%s' is in '%s'".formatted(name, text));
    };
  }

  private static Style style(@Nullable String text, In in, String name) throws InvalidApi {
    return switch (text) {
      case null -> in == In.PATH || in == In.HEADER ? Style.SIMPLE : Style.FORM;
      case "matrix" -> Style.MATRIX;
      case "label" -> Style.LABEL;
      case "simple" -> Style.SIMPLE;
      case "form" -> Style.FORM;
      case "spaceDelimited" -> Style.SPACE_DELIMITED;
      case "pipeDelimited" -> Style.PIPE_DELIMITED;
      case "tabDelimited" -> Style.TAB_DELIMITED;
      case "deepObject" -> Style.DEEP_OBJECT;
      default ->
          throw new InvalidApi("the parameter '%s' has the style '%s'".formatted(name, text));
    };
  }

  private @Nullable Body body(JsonNode written) {
    if (!written.isObject()) {
      return null;
    }
    String name = written.path(Swagger2.BODY_NAME).asString("body");
    return new Body(name, written.path("required").asBoolean(false), schemas(written));
  }

  private static Map<String, JsonNode> schemas(JsonNode written) {
    var schemas = new LinkedHashMap<String, JsonNode>();
    written
        .path("content")
        .properties()
        .forEach(type -> schemas.put(type.getKey(), type.getValue().path("schema")));
    return schemas;
  }

  private Map<String, Response> responses(JsonNode operation) throws InvalidApi {
    var responses = new LinkedHashMap<String, Response>();
    for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
      if (!response.getKey().startsWith("x-")) {
        JsonNode written = references.followed(response.getValue());
        responses.put(response.getKey(), new Response(schemas(written), headers(written)));
      }
    }
    return responses;
  }

  private Map<String, Operation.Header> headers(JsonNode response) throws InvalidApi {
    var headers = new LinkedHashMap<String, Operation.Header>();
    for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
      JsonNode written = references.followed(header.getValue());
      headers.put(
          header.getKey(),
          new Operation.Header(written.path("required").asBoolean(false), written.path("schema")));
    }
    return headers;
  }

  private JsonNode security(JsonNode operation) {
    return operation.has("security") ? operation.path("security") : root.path("security");
  }

  private List<Parameter> keys(JsonNode operation) throws InvalidApi {
    var keys = new LinkedHashMap<String, Parameter>();
    for (JsonNode alternative : security(operation)) {
      for (String name : alternative.propertyNames()) {
        JsonNode scheme =
            references.followed(root.path("components").path("securitySchemes").path(name));
        if (scheme.path("type").asString("").equals("apiKey")) {
          Parameter key = parameter(scheme);
          keys.put(key.name(), optional(key));
        }
      }
    }
    return List.copyOf(keys.values());
  }

  private static Parameter optional(Parameter key) {
    return new Parameter(
        key.name(), key.in(), false, false, key.style(), true, false, key.schema(), null);
  }
}
