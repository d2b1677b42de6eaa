package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// `+ - * / %` on values of all types.
final class Arithmetic {
  private Arithmetic() {}

  static JsonNode add(Meter meter, JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      if (Numbers.isExact(a) && Numbers.isExact(b)) {
        return whole(a.longValue() + b.longValue());
      }
      return Numbers.of(Numbers.toDouble(a) + Numbers.toDouble(b));
    }
    if (a.isNull()) {
      return b;
    }
    if (b.isNull()) {
      return a;
    }
    if (a.isString() && b.isString()) {
      String left = a.stringValue();
      String right = b.stringValue();
      meter.chargeText((long) left.length() + right.length());
      return StringNode.valueOf(left.concat(right));
    }
    if (a.isArray() && b.isArray()) {
      return concatenate(meter, a, b);
    }
    if (a.isObject() && b.isObject()) {
      ObjectNode merged = Values.copy(meter, a);
      meter.chargeObject(b.size());
      for (Map.Entry<String, JsonNode> field : b.properties()) {
        meter.step();
        merged.set(field.getKey(), field.getValue());
      }
      return merged;
    }
    throw failed(a, b, "added");
  }

  private static JsonNode concatenate(Meter meter, JsonNode a, JsonNode b) {
    if (a.isEmpty()) {
      return b;
    }
    if (b.isEmpty()) {
      return a;
    }
    meter.chargeArray((long) a.size() + b.size());
    List<JsonNode> elements = new ArrayList<>(a.size() + b.size());
    elements.addAll(a.values());
    elements.addAll(b.values());
    return new ArrayNode(JsonNodeFactory.instance, elements);
  }

  static JsonNode subtract(Meter meter, JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      if (Numbers.isExact(a) && Numbers.isExact(b)) {
        return whole(a.longValue() - b.longValue());
      }
      return Numbers.of(Numbers.toDouble(a) - Numbers.toDouble(b));
    }
    if (a.isArray() && b.isArray()) {
      List<JsonNode> kept = new ArrayList<>();
      for (JsonNode element : a.values()) {
        if (!containsElement(meter, b, element)) {
          kept.add(element);
        }
      }
      return Values.array(meter, kept);
    }
    throw failed(a, b, "subtracted");
  }

  private static boolean containsElement(Meter meter, JsonNode array, JsonNode element) {
    for (JsonNode candidate : array.values()) {
      meter.step();
      if (Values.equal(meter, candidate, element)) {
        return true;
      }
    }
    return false;
  }

  static JsonNode multiply(Meter meter, JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      if (Numbers.isExact(a) && Numbers.isExact(b)) {
        long x = a.longValue();
        long y = b.longValue();
        long product = x * y;
        if (Math.multiplyHigh(x, y) == product >> 63) {
          return whole(product);
        }
      }
      return Numbers.of(Numbers.toDouble(a) * Numbers.toDouble(b));
    }
    if (a.isString() && b.isNumber()) {
      return repeat(meter, a.stringValue(), Numbers.toDouble(b));
    }
    if (a.isNumber() && b.isString()) {
      return repeat(meter, b.stringValue(), Numbers.toDouble(a));
    }
    if (a.isObject() && b.isObject()) {
      return merge(meter, a, b, 1);
    }
    throw failed(a, b, "multiplied");
  }

  /// Once for every begun unit above zero; nothing at all is null.
  private static JsonNode repeat(Meter meter, String text, double times) {
    if (!(times >= 0)) {
      return NullNode.instance;
    }
    double count = Math.floor(times);
    meter.chargeText((long) Math.min(text.length() * count, 1e15));
    return StringNode.valueOf(text.repeat((int) count));
  }

  private static JsonNode merge(Meter meter, JsonNode a, JsonNode b, int level) {
    meter.nested(level);
    ObjectNode merged = Values.copy(meter, a);
    for (Map.Entry<String, JsonNode> field : b.properties()) {
      JsonNode mine = merged.get(field.getKey());
      JsonNode theirs = field.getValue();
      boolean deeper = mine != null && mine.isObject() && theirs.isObject();
      merged.set(field.getKey(), deeper ? merge(meter, mine, theirs, level + 1) : theirs);
    }
    meter.chargeObject(b.size());
    return merged;
  }

  static JsonNode divide(Meter meter, JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      double divisor = Numbers.toDouble(b);
      if (divisor == 0) {
        throw failed(a, b, "divided because the divisor is zero");
      }
      return Numbers.of(Numbers.toDouble(a) / divisor);
    }
    if (a.isString() && b.isString()) {
      return Strings.split(meter, a.stringValue(), b.stringValue());
    }
    throw failed(a, b, "divided");
  }

  /// On integers: both sides are cut to one first, and the sign is the left one's.
  static JsonNode remainder(JsonNode a, JsonNode b) {
    if (!a.isNumber() || !b.isNumber()) {
      throw failed(a, b, "divided (remainder)");
    }
    double x = Numbers.toDouble(a);
    double y = Numbers.toDouble(b);
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Numbers.of(Double.NaN);
    }
    long divisor = Math.abs((long) y);
    if (divisor == 0) {
      throw failed(a, b, "divided (remainder) because the divisor is zero");
    }
    if (divisor == Long.MIN_VALUE) {
      divisor = Long.MAX_VALUE;
    }
    return whole((long) x % divisor);
  }

  static JsonNode negate(JsonNode value) {
    if (!value.isNumber()) {
      throw ExpressionException.evaluation(Values.described(value) + " cannot be negated");
    }
    if (Numbers.isExact(value) && value.longValue() != 0) {
      return whole(-value.longValue());
    }
    return Numbers.of(-Numbers.toDouble(value));
  }

  private static JsonNode whole(long value) {
    if (value <= Numbers.EXACT && value >= -Numbers.EXACT) {
      return Numbers.of(value);
    }
    return Numbers.of((double) value);
  }

  private static ExpressionException failed(JsonNode a, JsonNode b, String what) {
    return ExpressionException.evaluation(
        Values.described(a) + " and " + Values.described(b) + " cannot be " + what);
  }
}
