package dev.skein.connectors.verification;

import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.openapi.References;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes values from what a document says of them: its examples, else a smallest one that is likely
/// to fit the schema. Whether it does is for others to check.
final class Samples {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEEPEST = 12;
  private static final int LONGEST = 1_000;
  private static final Map<String, String> BY_FORMAT =
      Map.of(
          "date-time", "2024-02-29T12:00:00Z",
          "date", "2024-02-29",
          "time", "12:00:00Z",
          "duration", "PT1S",
          "email", "somebody@example.com",
          "hostname", "example.com",
          "ipv4", "192.0.2.1",
          "ipv6", "2001:db8::1",
          "uri", "https://example.com/",
          "uuid", "123e4567-e89b-12d3-a456-426614174000");

  private final References references;

  Samples(References references) {
    this.references = references;
  }

  /// An example that stands beside a schema, or in it, or a value that the schema names.
  ///
  /// @param holder a parameter or a media type, as written
  /// @return missing if there is none
  JsonNode named(JsonNode holder, JsonNode schema) throws InvalidApi {
    if (holder.has("example")) {
      return holder.path("example");
    }
    for (JsonNode example : holder.path("examples")) {
      return references.followed(example).path("value");
    }
    JsonNode followed = references.followed(schema);
    if (followed.has("example")) {
      return followed.path("example");
    }
    for (String keyword : List.of("examples", "const", "default", "enum")) {
      JsonNode value = followed.path(keyword);
      boolean many = keyword.equals("examples") || keyword.equals("enum");
      if (!value.isMissingNode() && !(many && value.isEmpty())) {
        return many ? value.path(0) : value;
      }
    }
    return MissingNode.getInstance();
  }

  /// @return missing for what nests without end
  JsonNode made(JsonNode schema) throws InvalidApi {
    return made(schema, DEEPEST);
  }

  private JsonNode made(JsonNode written, int depth) throws InvalidApi {
    if (depth == 0) {
      return MissingNode.getInstance();
    }
    JsonNode named = named(MissingNode.getInstance(), written);
    if (!named.isMissingNode()) {
      return named;
    }
    JsonNode schema = references.followed(written);
    for (String choice : List.of("oneOf", "anyOf")) {
      if (schema.path(choice).isArray() && !schema.has("properties")) {
        return made(schema.path(choice).path(0), depth - 1);
      }
    }
    if (schema.path("allOf").isArray()) {
      return all(schema, depth);
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer", "number" -> number(schema);
      case "boolean" -> NODES.booleanNode(true);
      case "null" -> NODES.nullNode();
      default -> NODES.stringNode(text(schema));
    };
  }

  private JsonNode all(JsonNode schema, int depth) throws InvalidApi {
    ObjectNode whole = NODES.objectNode();
    for (JsonNode part : schema.path("allOf")) {
      JsonNode made = made(part, depth - 1);
      if (!(made instanceof ObjectNode object)) {
        return made;
      }
      whole.setAll(object);
    }
    if (schema.has("properties")) {
      whole.setAll(object(schema, depth));
    }
    return whole;
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return type.path(0).asString("");
    }
    boolean object = schema.has("properties") || schema.has("required");
    return type.asString(object ? "object" : schema.has("items") ? "array" : "");
  }

  /// With what it must have, and nothing else.
  private ObjectNode object(JsonNode schema, int depth) throws InvalidApi {
    ObjectNode object = NODES.objectNode();
    for (JsonNode name : schema.path("required")) {
      JsonNode property = schema.path("properties").path(name.asString(""));
      if (!references.followed(property).path("readOnly").asBoolean(false)) {
        JsonNode value = made(property, depth - 1);
        if (!value.isMissingNode()) {
          object.set(name.asString(""), value);
        }
      }
    }
    return object;
  }

  private ArrayNode array(JsonNode schema, int depth) throws InvalidApi {
    ArrayNode array = NODES.arrayNode();
    int wanted = Math.min(Math.max(schema.path("minItems").asInt(0), 1), LONGEST);
    JsonNode item = made(schema.path("items"), depth - 1);
    for (int i = 0; i < wanted && !item.isMissingNode(); i++) {
      array.add(item);
    }
    return array;
  }

  private static JsonNode number(JsonNode schema) {
    double least = schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY);
    double most = schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
    JsonNode above = schema.path("exclusiveMinimum");
    JsonNode below = schema.path("exclusiveMaximum");
    least = above.isNumber() ? above.doubleValue() + 1 : above.asBoolean(false) ? least + 1 : least;
    most = below.isNumber() ? below.doubleValue() - 1 : below.asBoolean(false) ? most - 1 : most;
    double step = schema.path("multipleOf").asDouble(1);
    double value = Math.min(Math.max(1, least), most);
    value = step > 0 ? Math.ceil(value / step) * step : value;
    return value == Math.rint(value) && Math.abs(value) < Long.MAX_VALUE
        ? NODES.numberNode((long) value)
        : NODES.numberNode(value);
  }

  private static String text(JsonNode schema) {
    @Nullable String known = BY_FORMAT.get(schema.path("format").asString(""));
    if (known != null) {
      return known;
    }
    int least = Math.min(schema.path("minLength").asInt(0), LONGEST);
    int most = schema.path("maxLength").asInt(LONGEST);
    String text = "skein".repeat(Math.max(1, (least + 4) / 5));
    return text.substring(0, Math.min(Math.max(least, 5), most));
  }
}
