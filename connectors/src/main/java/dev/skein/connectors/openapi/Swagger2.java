package dev.skein.connectors.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says what a Swagger 2.0 document says as one of OpenAPI 3.0.
final class Swagger2 {
  /// Under which a body of Swagger 2 keeps the name it is given by.
  static final String BODY_NAME = "x-skein-name";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> JSON = List.of("application/json");
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String MULTIPART = "multipart/form-data";
  private static final List<String> OF_THE_SCHEMA =
      List.of(
          "type",
          "format",
          "items",
          "default",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "maxItems",
          "minItems",
          "uniqueItems",
          "enum",
          "multipleOf");

  private final JsonNode root;

  private Swagger2(JsonNode root) {
    this.root = root;
  }

  static JsonNode asOpenApi3(JsonNode swagger) {
    return new Swagger2(moved(swagger)).document();
  }

  /// With references to where things stand in OpenAPI 3.
  private static JsonNode moved(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = NODES.objectNode();
      object.properties().forEach(entry -> copy.set(entry.getKey(), moved(entry.getValue())));
      if (copy.path("$ref").isString()) {
        copy.put(
            "$ref",
            copy.path("$ref").asString().replaceFirst("^#/definitions/", "#/components/schemas/"));
      }
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = NODES.arrayNode();
      array.forEach(item -> copy.add(moved(item)));
      return copy;
    }
    return node;
  }

  private JsonNode document() {
    ObjectNode document = NODES.objectNode().put("openapi", "3.0.3");
    document.set("info", root.path("info").isObject() ? root.path("info") : NODES.objectNode());
    servers(document.putArray("servers"));
    if (root.has("security")) {
      document.set("security", root.path("security"));
    }
    ObjectNode paths = document.putObject("paths");
    root.path("paths")
        .properties()
        .forEach(path -> paths.set(path.getKey(), item(path.getValue())));
    ObjectNode components = document.putObject("components");
    components.set("schemas", orEmpty(root.path("definitions")));
    components.set("securitySchemes", orEmpty(root.path("securityDefinitions")));
    return document;
  }

  private static JsonNode orEmpty(JsonNode node) {
    return node.isObject() ? node : NODES.objectNode();
  }

  private void servers(ArrayNode servers) {
    String host = root.path("host").asString("");
    String path = root.path("basePath").asString("/");
    if (host.isEmpty()) {
      servers.addObject().put("url", path);
      return;
    }
    for (String scheme : texts(root.path("schemes"), List.of("https"))) {
      servers.addObject().put("url", scheme + "://" + host + (path.equals("/") ? "" : path));
    }
  }

  private static List<String> texts(JsonNode array, List<String> otherwise) {
    List<String> texts = array.valueStream().map(JsonNode::asString).toList();
    return texts.isEmpty() ? otherwise : texts;
  }

  private JsonNode item(JsonNode written) {
    ObjectNode item = NODES.objectNode();
    for (Map.Entry<String, JsonNode> entry : written.properties()) {
      if (!entry.getKey().equals("parameters")) {
        boolean operation = entry.getValue().isObject() && !entry.getKey().startsWith("x-");
        item.set(
            entry.getKey(), operation ? operation(entry.getValue(), written) : entry.getValue());
      }
    }
    return item;
  }

  /// Parameters of the path are put into each operation, since some of them are bodies.
  private JsonNode operation(JsonNode written, JsonNode item) {
    ObjectNode operation = ((ObjectNode) written).deepCopy();
    operation.remove("parameters");
    ArrayNode parameters = operation.putArray("parameters");
    List<JsonNode> fields = new ArrayList<>();
    for (JsonNode at : List.of(item, written)) {
      for (JsonNode reference : at.path("parameters")) {
        JsonNode parameter = followed(reference, "#/parameters/", "parameters");
        switch (parameter.path("in").asString("")) {
          case "body" -> body(operation, parameter, texts(consumes(written), JSON));
          case "formData" -> fields.add(parameter);
          default -> parameters.add(parameter(parameter));
        }
      }
    }
    if (!fields.isEmpty()) {
      form(operation, fields, texts(consumes(written), List.of(FORM)));
    }
    operation.set("responses", responses(written));
    return operation;
  }

  private JsonNode consumes(JsonNode operation) {
    return operation.has("consumes") ? operation.path("consumes") : root.path("consumes");
  }

  private JsonNode followed(JsonNode node, String prefix, String section) {
    String reference = node.path("$ref").asString("");
    return reference.startsWith(prefix)
        ? root.path(section).path(reference.substring(prefix.length()))
        : node;
  }

  private static void body(ObjectNode operation, JsonNode parameter, List<String> types) {
    ObjectNode body = operation.putObject("requestBody");
    body.put("required", parameter.path("required").asBoolean(false));
    body.put(BODY_NAME, parameter.path("name").asString("body"));
    ObjectNode content = body.putObject("content");
    types.forEach(type -> content.putObject(type).set("schema", parameter.path("schema")));
  }

  private static void form(ObjectNode operation, List<JsonNode> fields, List<String> types) {
    boolean file = fields.stream().anyMatch(it -> it.path("type").asString("").equals("file"));
    ObjectNode schema = NODES.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = NODES.arrayNode();
    for (JsonNode field : fields) {
      String name = field.path("name").asString("");
      properties.set(name, schema(field));
      if (field.path("required").asBoolean(false)) {
        required.add(name);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    ObjectNode body = operation.putObject("requestBody").put("required", !required.isEmpty());
    body.put(BODY_NAME, "");
    String type = file || types.contains(MULTIPART) ? MULTIPART : FORM;
    body.putObject("content").putObject(type).set("schema", schema);
  }

  private static JsonNode schema(JsonNode parameter) {
    ObjectNode schema = NODES.objectNode();
    for (String keyword : OF_THE_SCHEMA) {
      if (parameter.has(keyword)) {
        schema.set(keyword, parameter.path(keyword));
      }
    }
    if (schema.path("type").asString("").equals("file")) {
      schema.put("type", "string").put("format", "binary");
    }
    return schema;
  }

  private static JsonNode parameter(JsonNode written) {
    ObjectNode parameter = NODES.objectNode();
    for (String name : List.of("name", "in", "required", "description")) {
      if (written.has(name)) {
        parameter.set(name, written.path(name));
      }
    }
    boolean query = written.path("in").asString("").equals("query");
    switch (written.path("collectionFormat").asString("csv")) {
      case "multi" -> parameter.put("style", "form").put("explode", true);
      case "ssv" -> parameter.put("style", "spaceDelimited").put("explode", false);
      case "tsv" -> parameter.put("style", "tabDelimited").put("explode", false);
      case "pipes" -> parameter.put("style", "pipeDelimited").put("explode", false);
      default -> parameter.put("style", query ? "form" : "simple").put("explode", false);
    }
    parameter.set("schema", schema(written));
    return parameter;
  }

  private JsonNode responses(JsonNode operation) {
    JsonNode produces =
        operation.has("produces") ? operation.path("produces") : root.path("produces");
    ObjectNode responses = NODES.objectNode();
    for (Map.Entry<String, JsonNode> entry : operation.path("responses").properties()) {
      JsonNode written = followed(entry.getValue(), "#/responses/", "responses");
      ObjectNode response = responses.putObject(entry.getKey());
      if (written.has("schema")) {
        ObjectNode content = response.putObject("content");
        texts(produces, JSON)
            .forEach(type -> content.putObject(type).set("schema", written.path("schema")));
      }
    }
    return responses;
  }
}
