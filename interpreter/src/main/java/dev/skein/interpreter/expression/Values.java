package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.JsonNodeType;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// What all values have in common: type, truth, order, equality, how they read in an error.
final class Values {
  private static final int SHOWN_CHARACTERS = 15;

  private Values() {}

  /// Looks at one value, and answers whether it wants more.
  interface Visitor {
    boolean visit(JsonNode value);
  }

  static boolean isTrue(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> false;
      case BOOLEAN -> value.booleanValue();
      case ARRAY, BINARY, NUMBER, OBJECT, POJO, STRING -> true;
    };
  }

  static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> "null";
      case BOOLEAN -> "boolean";
      case NUMBER -> "number";
      case STRING, BINARY, POJO -> "string";
      case ARRAY -> "array";
      case OBJECT -> "object";
    };
  }

  /// null < false < true < numbers < strings < arrays < objects.
  private static int rank(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> 0;
      case BOOLEAN -> value.booleanValue() ? 2 : 1;
      case NUMBER -> 3;
      case STRING, BINARY, POJO -> 4;
      case ARRAY -> 5;
      case OBJECT -> 6;
    };
  }

  static boolean equal(Meter meter, JsonNode a, JsonNode b) {
    return equal(meter, a, b, 1);
  }

  private static boolean equal(Meter meter, JsonNode a, JsonNode b, int level) {
    JsonNodeType type = a.getNodeType();
    if (type != b.getNodeType()) {
      return false;
    }
    return switch (type) {
      case NULL, MISSING -> true;
      case BOOLEAN -> a.booleanValue() == b.booleanValue();
      case NUMBER -> Numbers.equal(a, b);
      case STRING -> sameText(meter, a.stringValue(), b.stringValue());
      case ARRAY -> a.size() == b.size() && sameElements(meter, a, b, level);
      case OBJECT -> a.size() == b.size() && sameFields(meter, a, b, level);
      case BINARY, POJO -> a.equals(b);
    };
  }

  private static boolean sameText(Meter meter, String a, String b) {
    meter.work(a.length());
    return a.equals(b);
  }

  private static boolean sameElements(Meter meter, JsonNode a, JsonNode b, int level) {
    meter.nested(level);
    Iterator<JsonNode> others = b.values().iterator();
    for (JsonNode element : a.values()) {
      meter.step();
      if (!equal(meter, element, others.next(), level + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameFields(Meter meter, JsonNode a, JsonNode b, int level) {
    meter.nested(level);
    for (Map.Entry<String, JsonNode> field : a.properties()) {
      meter.step();
      JsonNode other = b.get(field.getKey());
      if (other == null || !equal(meter, field.getValue(), other, level + 1)) {
        return false;
      }
    }
    return true;
  }

  static int compare(Meter meter, JsonNode a, JsonNode b) {
    return compare(meter, a, b, 1);
  }

  private static int compare(Meter meter, JsonNode a, JsonNode b, int level) {
    int rank = rank(a);
    int other = rank(b);
    if (rank != other) {
      return Integer.compare(rank, other);
    }
    return switch (rank) {
      case 3 -> Numbers.compare(a, b);
      case 4 -> {
        meter.work(text(a).length());
        yield compareText(text(a), text(b));
      }
      case 5 -> compareElements(meter, a, b, level);
      case 6 -> compareFields(meter, a, b, level);
      default -> 0;
    };
  }

  /// By code points, which is the order of the UTF-8 bytes.
  static int compareText(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean bothOrNone = Character.isSurrogate(x) == Character.isSurrogate(y);
        return bothOrNone ? x - y : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  private static int compareElements(Meter meter, JsonNode a, JsonNode b, int level) {
    meter.nested(level);
    int length = Math.min(a.size(), b.size());
    for (int i = 0; i < length; i++) {
      meter.step();
      int order = compare(meter, a.get(i), b.get(i), level + 1);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static int compareFields(Meter meter, JsonNode a, JsonNode b, int level) {
    meter.nested(level);
    List<String> keys = sortedKeys(meter, a);
    List<String> others = sortedKeys(meter, b);
    for (int i = 0; i < Math.min(keys.size(), others.size()); i++) {
      int order = compareText(keys.get(i), others.get(i));
      if (order != 0) {
        return order;
      }
    }
    if (keys.size() != others.size()) {
      return Integer.compare(keys.size(), others.size());
    }
    for (String key : keys) {
      meter.step();
      int order = compare(meter, a.get(key), b.get(key), level + 1);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  static List<String> sortedKeys(Meter meter, JsonNode object) {
    meter.chargeArray(object.size());
    List<String> keys = new ArrayList<>(object.propertyNames());
    keys.sort(Values::compareText);
    return keys;
  }

  /// The text of a string; bytes and foreign objects, which only a host can put in, read as Jackson
  /// writes them.
  static String text(JsonNode string) {
    return string.isString() ? string.stringValue() : string.asString();
  }

  static JsonNode string(Meter meter, String text) {
    meter.chargeText(text.length());
    return StringNode.valueOf(text);
  }

  /// An array over a list that nobody changes any more.
  static ArrayNode array(Meter meter, List<JsonNode> elements) {
    meter.chargeArray(elements.size());
    return new ArrayNode(JsonNodeFactory.instance, elements);
  }

  static List<JsonNode> reversed(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>(array.values());
    Collections.reverse(elements);
    return elements;
  }

  static ObjectNode copy(Meter meter, JsonNode object) {
    meter.chargeObject(object.size());
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      meter.step();
      copy.set(field.getKey(), field.getValue());
    }
    return copy;
  }

  /// `number (1)`, as errors name a value.
  static String described(JsonNode value) {
    return type(value) + " (" + brief(value, SHOWN_CHARACTERS) + ")";
  }

  /// The JSON of a value, cut where it would fill more than `room` characters (one is spare).
  static String brief(JsonNode value, int room) {
    String json = JsonText.beginning(value, room);
    return json.length() < room ? json : json.substring(0, room - 4) + "...";
  }
}
