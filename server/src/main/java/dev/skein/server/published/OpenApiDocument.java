package dev.skein.server.published;

import dev.skein.interpreter.Json;
import dev.skein.model.ApiOperation;
import dev.skein.model.Document;
import dev.skein.runtime.endpoint.Endpoint;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells how endpoints are called: an OpenAPI 3.1 document. Owned by one thread.
final class OpenApiDocument {
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "DELETE");
  private static final String PROBLEM = "#/components/responses/Problem";

  private final ObjectNode json = Json.NODES.objectNode();
  private final ObjectNode paths;
  private final ObjectNode schemes;
  private final ObjectNode schemas;
  private final SchemaComponents components;
  private final Instant now;

  /// The paths as they are shown: OpenAPI has one for all that differ by the names of parameters.
  private final Map<String, String> shown = new HashMap<>();

  private OpenApiDocument(String version, Instant now) {
    this.now = now;
    json.put("openapi", "3.1.0");
    json.putObject("info").put("title", "Published workflows").put("version", version);
    json.putArray("servers").addObject().put("url", "/");
    paths = json.putObject("paths");
    ObjectNode shared = json.putObject("components");
    schemas = shared.putObject("schemas");
    schemes = shared.putObject("securitySchemes");
    components = new SchemaComponents(schemas);
    shared.set("parameters", Json.parse(PARAMETERS));
    shared.set("responses", Json.parse(RESPONSES));
    schemas.setAll((ObjectNode) Json.parse(SCHEMAS));
  }

  private static final String SCHEMAS =
      """
      {
        "Problem": {
          "type": "object",
          "description": "Problem details (RFC 9457)",
          "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
            "code": {"type": "string"},
            "violations": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}}
              }
            }
          }
        },
        "Accepted": {
          "type": "object",
          "required": ["id", "status", "links"],
          "properties": {
            "id": {"type": "string"},
            "status": {"type": "string"},
            "links": {"type": "object", "additionalProperties": {"type": "string"}}
          }
        }
      }
      """;

  private static final String PARAMETERS =
      """
      {
        "IdempotencyKey": {
          "name": "Idempotency-Key",
          "in": "header",
          "description": "The same request under the same key is one run.",
          "schema": {"type": "string", "minLength": 1, "maxLength": 255}
        },
        "Prefer": {
          "name": "Prefer",
          "in": "header",
          "description": "How long to wait for the end of the run, or not at all.",
          "schema": {"type": "string"},
          "examples": {
            "wait": {"summary": "At most 10 seconds", "value": "wait=10"},
            "async": {"summary": "Not at all", "value": "respond-async"}
          }
        }
      }
      """;

  private static final String RESPONSES =
      """
      {
        "Problem": {
          "description": "It was not done, or the run failed.",
          "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
          }
        },
        "Accepted": {
          "description": "The run goes on.",
          "headers": {
            "Location": {
              "description": "Where the run can be looked at.",
              "schema": {"type": "string", "format": "uri-reference"}
            }
          },
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Accepted"}}}
        }
      }
      """;

  /// @param version of the document
  static JsonNode of(List<Endpoint> endpoints, String version, Instant now) {
    var document = new OpenApiDocument(version, now);
    endpoints.forEach(document::add);
    return document.json;
  }

  private void add(Endpoint endpoint) {
    String shape = endpoint.path().replaceAll("\\{[^/]*}", "{}");
    String path = shown.computeIfAbsent(shape, _ -> endpoint.path());
    String method = endpoint.operation().method().toLowerCase(Locale.ROOT);
    paths.withObjectProperty(path).set(method, operation(endpoint, path));
  }

  private ObjectNode operation(Endpoint endpoint, String path) {
    ApiOperation operation = endpoint.operation();
    Document about = endpoint.definition().document();
    ObjectNode json = Json.NODES.objectNode();
    json.putArray("tags").add(about.namespace());
    json.put("operationId", id(endpoint));
    json.put("summary", about.title() == null ? about.name() : about.title());
    if (about.summary() != null) {
      json.put("description", about.summary());
    }
    if (isDeprecated(operation.lifetime())) {
      json.put("deprecated", true);
    }
    String input =
        components.add(name(endpoint) + ".input", endpoint.definition().data().inputSchema());
    json.set("parameters", parameters(endpoint, path, input));
    if (!WITHOUT_BODY.contains(operation.method())) {
      json.set("requestBody", body(endpoint, input));
    }
    json.set("responses", responses(endpoint));
    if (operation.webhook() != null) {
      json.putArray("security").addObject().putArray(scheme(endpoint, operation.webhook()));
    }
    return json;
  }

  private boolean isDeprecated(ApiOperation.Lifetime lifetime) {
    Instant since = lifetime.since();
    return lifetime.deprecated() && (since == null || !since.isAfter(now));
  }

  /// Of a version of a workflow, as the name of a component.
  private static String name(Endpoint endpoint) {
    return endpoint.workflow().toString().replaceAll("[^A-Za-z0-9._-]", ".");
  }

  private static String id(Endpoint endpoint) {
    ApiOperation operation = endpoint.operation();
    String name = endpoint.workflow().qualifiedName().replace('/', '.');
    return endpoint.path().equals(operation.path()) ? name : name + "." + operation.version();
  }

  private ArrayNode parameters(Endpoint endpoint, String path, @Nullable String input) {
    ApiOperation operation = endpoint.operation();
    InputSchema schema = InputSchema.of(endpoint.definition().data().inputSchema());
    ArrayNode parameters = Json.NODES.arrayNode();
    Map<String, String> inPath = named(endpoint.path(), path);
    inPath.forEach((own, name) ->
        parameters
            .addObject()
            .put("name", name)
            .put("in", "path")
            .put("required", true)
            .set("schema", property(schema, input, own)));
    if (WITHOUT_BODY.contains(operation.method())) {
      Set<String> rest = new LinkedHashSet<>(schema.properties());
      rest.removeAll(inPath.keySet());
      for (String name : rest) {
        parameters
            .addObject()
            .put("name", name)
            .put("in", "query")
            .put("required", schema.requires(name))
            .set("schema", property(schema, input, name));
      }
    }
    ApiOperation.Webhook webhook = operation.webhook();
    if (webhook == null || webhook.delivery() == null) {
      parameters.addObject().put("$ref", "#/components/parameters/IdempotencyKey");
    } else {
      parameters.add(header(webhook.delivery(), "The id of the delivery; it starts one run."));
    }
    if (webhook != null && webhook.timestamp() != null) {
      String about = "When the delivery was signed, in seconds since 1970.";
      parameters.add(header(webhook.timestamp().header(), about));
    }
    parameters.addObject().put("$ref", "#/components/parameters/Prefer");
    return parameters;
  }

  /// The parameters of a path by their names, with those of the path that is shown.
  private static Map<String, String> named(String path, String shown) {
    var named = new LinkedHashMap<String, String>();
    String[] own = path.split("/", -1);
    String[] others = shown.split("/", -1);
    for (int i = 0; i < own.length; i++) {
      String name = ApiOperation.parameter(own[i]);
      String other = ApiOperation.parameter(others[i]);
      if (name != null && other != null) {
        named.put(name, other);
      }
    }
    return named;
  }

  private static ObjectNode header(String name, String about) {
    ObjectNode header = Json.NODES.objectNode();
    header.put("name", name).put("in", "header").put("required", true).put("description", about);
    header.putObject("schema").put("type", "string");
    return header;
  }

  private static ObjectNode property(InputSchema schema, @Nullable String input, String name) {
    ObjectNode json = Json.NODES.objectNode();
    if (input == null || schema.property(name).isMissingNode()) {
      return json.put("type", "string");
    }
    return schema.hasOwn(name)
        ? json.put("$ref", input + "/properties/" + SchemaComponents.segment(name))
        : json;
  }

  /// The input, without what the path holds.
  private ObjectNode body(Endpoint endpoint, @Nullable String input) {
    ObjectNode json = Json.NODES.objectNode();
    InputSchema schema = InputSchema.of(endpoint.definition().data().inputSchema());
    Set<String> inPath = named(endpoint.path(), endpoint.path()).keySet();
    boolean wants =
        schema.properties().stream()
            .anyMatch(name -> schema.requires(name) && !inPath.contains(name));
    json.put("required", wants);
    ObjectNode type = json.putObject("content").putObject("application/json");
    JsonNode whole =
        input == null ? null : schemas.get(input.substring(SchemaComponents.HERE.length()));
    if (input == null) {
      type.putObject("schema");
    } else if (whole instanceof ObjectNode object && inPath.stream().anyMatch(schema::hasOwn)) {
      type.set("schema", without(object.deepCopy(), inPath));
    } else {
      type.putObject("schema").put("$ref", input);
    }
    return json;
  }

  private static ObjectNode without(ObjectNode schema, Set<String> names) {
    if (schema.get("properties") instanceof ObjectNode properties) {
      properties.remove(names);
    }
    if (schema.get("required") instanceof ArrayNode required) {
      ArrayNode left = Json.NODES.arrayNode();
      required.forEach(one -> {
        if (!names.contains(one.asString(""))) {
          left.add(one);
        }
      });
      schema.set("required", left);
    }
    return schema;
  }

  private ObjectNode responses(Endpoint endpoint) {
    ApiOperation operation = endpoint.operation();
    ObjectNode json = Json.NODES.objectNode();
    String output =
        components.add(name(endpoint) + ".output", endpoint.definition().data().outputSchema());
    if (!operation.patience().isZero()) {
      ObjectNode ended = json.putObject("200").put("description", "What the workflow puts out.");
      ObjectNode type = ended.putObject("content").putObject("application/json");
      ObjectNode schema = type.putObject("schema");
      if (output != null) {
        schema.put("$ref", output);
      }
    }
    json.putObject("202").put("$ref", "#/components/responses/Accepted");
    json.putObject("400").put("$ref", PROBLEM);
    if (operation.webhook() == null) {
      json.putObject("422").put("$ref", PROBLEM);
    } else {
      json.putObject("401").put("$ref", PROBLEM);
    }
    if (operation.limit() != null) {
      json.putObject("429").put("$ref", PROBLEM);
    }
    json.putObject("default").put("$ref", PROBLEM);
    return json;
  }

  private String scheme(Endpoint endpoint, ApiOperation.Webhook webhook) {
    String name = name(endpoint) + ".signature";
    String what = webhook.timestamp() == null ? "the body" : "the timestamp, a dot and the body";
    String before = webhook.prefix().isEmpty() ? "" : ", after '" + webhook.prefix() + "'";
    schemes
        .putObject(name)
        .put("type", "apiKey")
        .put("in", "header")
        .put("name", webhook.header())
        .put(
            "description",
            "HMAC-%s of %s in %s%s"
                .formatted(
                    webhook.algorithm(),
                    what,
                    webhook.encoding().name().toLowerCase(Locale.ROOT),
                    before));
    return name;
  }
}
