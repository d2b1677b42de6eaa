package dev.skein.connectors.openapi;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The schemas of an API's document as JSON Schema 2020-12, as they hold for what is sent or for
/// what is answered. Those of OpenAPI 3.0 are of a dialect of their own. Immutable.
public final class ApiSchemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> SINGLE =
      Set.of(
          "items",
          "additionalItems",
          "additionalProperties",
          "contains",
          "else",
          "if",
          "not",
          "propertyNames",
          "then",
          "unevaluatedItems",
          "unevaluatedProperties");
  private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> NAMED =
      Set.of("$defs", "definitions", "dependentSchemas", "patternProperties", "properties");
  private static final Set<String> DATA = Set.of("const", "default", "enum", "example", "examples");
  private static final Map<String, String> BOUNDS =
      Map.of("exclusiveMinimum", "minimum", "exclusiveMaximum", "maximum");

  private final References references;
  private final boolean modern;
  private final JsonNode sent;
  private final JsonNode answered;

  /// What a schema is for.
  public enum Direction {
    /// Members that are read only need not be there.
    REQUEST,
    /// Members that are write only must not be there.
    RESPONSE;

    /// Of the document that the schemas refer to.
    public String uri() {
      return this == REQUEST ? "urn:skein:api:request" : "urn:skein:api:response";
    }

    private String other() {
      return this == REQUEST ? "readOnly" : "writeOnly";
    }
  }

  /// @throws InvalidApi if a reference leads to nothing, or out of the document
  public ApiSchemas(ApiDocument api) throws InvalidApi {
    this.references = new References(api.root());
    this.modern = api.isJsonSchema();
    this.sent = outside(api.root(), "", Direction.REQUEST);
    this.answered = outside(api.root(), "", Direction.RESPONSE);
  }

  /// The whole document, which schemas refer to by [Direction#uri].
  public JsonNode document(Direction direction) {
    return direction == Direction.REQUEST ? sent : answered;
  }

  /// One of the document's schemas, by itself.
  ///
  /// @param written as it stands in the document; missing for one that everything fits
  public JsonNode schema(JsonNode written, Direction direction) throws InvalidApi {
    return written.isMissingNode() ? BooleanNode.TRUE : inside(written, direction);
  }

  private JsonNode outside(JsonNode node, String name, Direction direction) throws InvalidApi {
    if (node.isArray()) {
      ArrayNode items = NODES.arrayNode();
      for (JsonNode item : node) {
        items.add(outside(item, "", direction));
      }
      return items;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode copy = NODES.objectNode();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = field.getKey();
      JsonNode value = field.getValue();
      if (key.equals("schema")) {
        copy.set(key, inside(value, direction));
      } else if (key.equals("schemas") && name.equals("components")) {
        copy.set(key, each(value, direction));
      } else {
        copy.set(key, DATA.contains(key) ? value : outside(value, key, direction));
      }
    }
    return copy;
  }

  private JsonNode each(JsonNode schemas, Direction direction) throws InvalidApi {
    ObjectNode copy = NODES.objectNode();
    for (Map.Entry<String, JsonNode> field : schemas.properties()) {
      copy.set(field.getKey(), inside(field.getValue(), direction));
    }
    return copy;
  }

  private JsonNode inside(JsonNode written, Direction direction) throws InvalidApi {
    if (!written.isObject()) {
      return written;
    }
    String reference = written.path("$ref").asString("");
    String absolute = reference.startsWith("#") ? direction.uri() + reference : reference;
    references.followed(written);
    if (!reference.isEmpty() && !modern) {
      return NODES.objectNode().put("$ref", absolute); // what stands beside it does not count there
    }
    ObjectNode schema = NODES.objectNode();
    for (Map.Entry<String, JsonNode> field : written.properties()) {
      schema.set(field.getKey(), part(field.getKey(), field.getValue(), direction));
    }
    if (!reference.isEmpty()) {
      schema.put("$ref", absolute);
    }
    leaveOthersOut(written, schema, direction);
    return modern ? schema : modernized(schema);
  }

  private JsonNode part(String keyword, JsonNode value, Direction direction) throws InvalidApi {
    if (SINGLE.contains(keyword)) {
      return inside(value, direction);
    }
    if (NAMED.contains(keyword) && value.isObject()) {
      return each(value, direction);
    }
    if (LISTS.contains(keyword) && value.isArray()) {
      ArrayNode all = NODES.arrayNode();
      for (JsonNode item : value) {
        all.add(inside(item, direction));
      }
      return all;
    }
    return value;
  }

  private void leaveOthersOut(JsonNode written, ObjectNode schema, Direction direction)
      throws InvalidApi {
    ArrayNode required = NODES.arrayNode();
    for (JsonNode name : written.path("required")) {
      if (!isOther(written.path("properties").path(name.asString("")), direction)) {
        required.add(name);
      }
    }
    if (written.path("required").isArray()) {
      schema.set("required", required);
    }
    if (direction == Direction.RESPONSE
        && schema.path("properties") instanceof ObjectNode properties) {
      for (Map.Entry<String, JsonNode> property : written.path("properties").properties()) {
        if (isOther(property.getValue(), direction)) {
          properties.put(property.getKey(), false);
        }
      }
    }
  }

  private boolean isOther(JsonNode property, Direction direction) throws InvalidApi {
    return property.path(direction.other()).asBoolean(false)
        || references.followed(property).path(direction.other()).asBoolean(false);
  }

  private static ObjectNode modernized(ObjectNode schema) {
    BOUNDS.forEach((exclusive, bound) -> bound(schema, exclusive, bound));
    if (schema.path("type").asString("").equals("file")) {
      schema.put("type", "string");
    }
    boolean nullable =
        schema.path("nullable").asBoolean(false) || schema.path("x-nullable").asBoolean(false);
    schema.remove("nullable");
    return nullable ? orNull(schema) : schema;
  }

  /// There a flag says whether the bound itself is left out.
  private static void bound(ObjectNode schema, String exclusive, String bound) {
    JsonNode flag = schema.path(exclusive);
    if (flag.isBoolean()) {
      schema.remove(exclusive);
      if (flag.booleanValue() && schema.has(bound)) {
        schema.set(exclusive, schema.remove(bound));
      }
    }
  }

  /// By the letter of 3.0 the flag means nothing without a type, nor beside an enumeration without
  /// null; those who write it mean it.
  private static ObjectNode orNull(ObjectNode schema) {
    ObjectNode either = NODES.objectNode();
    either.putArray("anyOf").add(schema).addObject().put("type", "null");
    return either;
  }
}
