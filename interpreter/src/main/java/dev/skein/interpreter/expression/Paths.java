package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/// Reads one step or a whole path. A key is a string, a number, or a slice: an object with `start`
/// and `end`.
final class Paths {
  private Paths() {}

  static JsonNode get(JsonNode container, JsonNode key) {
    JsonNode found;
    if (container.isObject() && key.isString()) {
      found = container.get(key.stringValue());
    } else if (container.isArray() && key.isNumber()) {
      found = element(container, Numbers.toDouble(key));
    } else if (container.isNull() && (key.isString() || key.isNumber())) {
      found = null;
    } else {
      throw notIndexable(container, key);
    }
    return found == null ? NullNode.instance : found;
  }

  private static JsonNode element(JsonNode array, double index) {
    if (Double.isNaN(index)) {
      return NullNode.instance;
    }
    double at = Math.floor(index < 0 ? index + array.size() : index);
    return at >= 0 && at < array.size() ? array.get((int) at) : NullNode.instance;
  }

  static ExpressionException notIndexable(JsonNode container, JsonNode key) {
    String shown = key.isString() ? "string \"" + key.stringValue() + "\"" : Values.type(key);
    return ExpressionException.evaluation(
        "Cannot index " + Values.type(container) + " with " + shown);
  }

  static JsonNode getStep(Meter meter, JsonNode container, JsonNode key) {
    return key.isObject() ? slice(meter, container, key) : get(container, key);
  }

  /// What lies at a path; null from where it leads nowhere.
  static JsonNode getPath(Meter meter, JsonNode root, Iterable<JsonNode> keys) {
    JsonNode at = root;
    for (JsonNode key : keys) {
      if (at.isNull()) {
        return at;
      }
      at = getStep(meter, at, key);
    }
    return at;
  }

  static Iterable<JsonNode> keys(JsonNode path) {
    if (!path.isArray()) {
      throw ExpressionException.evaluation("Path must be specified as an array");
    }
    return path.values();
  }

  /// From (inclusive) and to (exclusive), both within the length.
  record Range(int from, int to) {

    static Range of(JsonNode slice, int length) {
      double from = bound(slice.get("start"), 0, length);
      double to = bound(slice.get("end"), length, length);
      int start = (int) Math.floor(Math.clamp(from, 0.0, (double) length));
      int end = (int) Math.ceil(Math.clamp(to, 0.0, (double) length));
      return new Range(start, Math.max(start, end));
    }

    private static double bound(@Nullable JsonNode at, int none, int length) {
      if (at == null || !(at.isNull() || at.isNumber())) {
        throw ExpressionException.evaluation(
            "Start and end indices of an array slice must be numbers");
      }
      double index = at.isNull() ? none : Numbers.toDouble(at);
      if (Double.isNaN(index)) {
        return none;
      }
      return index < 0 ? index + length : index;
    }
  }

  static JsonNode slice(Meter meter, JsonNode container, JsonNode slice) {
    if (container.isNull()) {
      return container;
    }
    if (container.isArray()) {
      Range range = Range.of(slice, container.size());
      List<JsonNode> part = new ArrayList<>(range.to - range.from);
      meter.chargeArray(range.to - range.from);
      for (int i = range.from; i < range.to; i++) {
        part.add(container.get(i));
      }
      return new ArrayNode(JsonNodeFactory.instance, part);
    }
    if (container.isString()) {
      String text = container.stringValue();
      meter.work(text.length());
      int length = text.codePointCount(0, text.length());
      Range range = Range.of(slice, length);
      int from = text.offsetByCodePoints(0, range.from);
      int to = text.offsetByCodePoints(from, range.to - range.from);
      meter.chargeText(to - from);
      return StringNode.valueOf(text.substring(from, to));
    }
    throw notIndexable(container, slice);
  }
}
