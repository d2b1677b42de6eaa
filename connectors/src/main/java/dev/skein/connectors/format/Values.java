package dev.skein.connectors.format;

import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the formats have in common.
final class Values {
  private Values() {}

  /// For sentences: `a number`.
  static String kind(JsonNode value) {
    String type = value.getNodeType().name().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "null" -> "null";
      case "array", "object" -> "an " + type;
      default -> "a " + type;
    };
  }

  /// A value where only text can stand: objects and arrays as JSON, null as nothing.
  static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isString() ? value.asString() : value.toString();
  }

  /// Members of the same name become an array.
  static void add(ObjectNode object, String name, JsonNode value) {
    JsonNode before = object.get(name);
    if (before == null) {
      object.set(name, value);
    } else if (before instanceof ArrayNode array) {
      array.add(value);
    } else {
      object.set(name, object.arrayNode().add(before).add(value));
    }
  }
}
