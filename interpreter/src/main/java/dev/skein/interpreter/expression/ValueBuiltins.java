package dev.skein.interpreter.expression;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/// Functions on values of any type: type tests, conversions, length, containment.
final class ValueBuiltins {
  private ValueBuiltins() {}

  static void register(Builtins to) {
    to.node("null", new AccessNodes.Constant(NullNode.instance));
    to.node("true", new AccessNodes.Constant(BooleanNode.TRUE));
    to.node("false", new AccessNodes.Constant(BooleanNode.FALSE));
    to.value("not", (meter, in) -> BooleanNode.valueOf(!Values.isTrue(in)));
    to.value("type", (meter, in) -> StringNode.valueOf(Values.type(in)));
    to.value("length", ValueBuiltins::length);
    to.value("abs", (meter, in) -> abs(in));
    to.value("toarray", (meter, in) -> in.isArray() ? in : Values.array(meter, List.of(in)));
    to.value("tojson", (meter, in) -> Values.string(meter, JsonText.of(meter, in)));
    to.value("fromjson", ValueBuiltins::fromJson);
    to.value("tostring", ValueBuiltins::text);
    to.value("tonumber", (meter, in) -> toNumber(in));
    to.function("contains", 1, (env, in, a) -> contains(env.meter, in, a.getFirst()));
    to.function("has", 1, (env, in, a) -> has(in, a.getFirst()));
    to.node("input_filename", new AccessNodes.Constant(NullNode.instance));
    to.value("env", (meter, in) -> JsonNodeFactory.instance.objectNode());
    to.value("input_line_number", (meter, in) -> Numbers.of(0L));
    to.value("have_literal_numbers", (meter, in) -> BooleanNode.TRUE);
    to.value("have_decnum", (meter, in) -> BooleanNode.FALSE);
    selectors(to);
  }

  private static void selectors(Builtins to) {
    selector(to, "nulls", JsonNode::isNull);
    selector(to, "booleans", JsonNode::isBoolean);
    selector(to, "numbers", JsonNode::isNumber);
    selector(to, "strings", JsonNode::isString);
    selector(to, "arrays", JsonNode::isArray);
    selector(to, "objects", JsonNode::isObject);
    selector(to, "iterables", JsonNode::isContainer);
    selector(to, "scalars", value -> !value.isContainer());
    selector(to, "values", value -> !value.isNull());
  }

  private static void selector(Builtins to, String name, Predicate<JsonNode> wanted) {
    to.generator(name, 0, (env, path, in, out, a) -> !wanted.test(in) || out.accept(path, in));
  }

  private static JsonNode length(Meter meter, JsonNode in) {
    return switch (in.getNodeType()) {
      case NULL, MISSING -> Numbers.of(0L);
      case STRING -> {
        String text = in.stringValue();
        meter.work(text.length());
        yield Numbers.of((long) text.codePointCount(0, text.length()));
      }
      case ARRAY, OBJECT -> Numbers.of((long) in.size());
      case NUMBER -> abs(in);
      case BOOLEAN, BINARY, POJO ->
          throw ExpressionException.evaluation(Values.described(in) + " has no length");
    };
  }

  private static JsonNode abs(JsonNode in) {
    if (!in.isNumber()) {
      return in.isNull() || in.isBoolean() ? Arithmetic.negate(in) : in; // they sort below 0
    }
    if (in.isIntegralNumber()) {
      boolean negative = in.bigIntegerValue().signum() < 0;
      return negative ? Arithmetic.negate(in) : in;
    }
    return Numbers.of(Math.abs(Numbers.toDouble(in)));
  }

  /// A string as it is, anything else as JSON.
  static JsonNode text(Meter meter, JsonNode in) {
    return in.isString() ? in : Values.string(meter, JsonText.of(meter, in));
  }

  private static JsonNode fromJson(Meter meter, JsonNode in) {
    if (!in.isString()) {
      throw ExpressionException.evaluation(Values.described(in) + " only strings can be parsed");
    }
    return JsonReader.read(meter, in.stringValue());
  }

  private static JsonNode toNumber(JsonNode in) {
    if (in.isNumber()) {
      return in;
    }
    if (!in.isString()) {
      throw ExpressionException.evaluation(Values.described(in) + " cannot be parsed as a number");
    }
    String text = in.stringValue();
    JsonNode number = Numbers.tryParse(text.strip());
    if (number == null) {
      String shown = text.length() < 30 ? text : text.substring(0, 27) + "...";
      throw ExpressionException.evaluation(
          "Invalid numeric literal at EOF at line 1, column "
              + text.length()
              + " (while parsing '"
              + shown
              + "')");
    }
    return number;
  }

  static JsonNode has(JsonNode container, JsonNode key) {
    if (container.isObject() && key.isString()) {
      return BooleanNode.valueOf(container.get(key.stringValue()) != null);
    }
    if (container.isArray() && key.isNumber()) {
      double index = Numbers.toDouble(key);
      return BooleanNode.valueOf(index >= 0 && index < container.size());
    }
    if (container.isNull()) {
      return BooleanNode.FALSE;
    }
    throw ExpressionException.evaluation(
        "Cannot check whether "
            + Values.type(container)
            + " has a "
            + (key.isString() ? "string" : Values.type(key))
            + " key");
  }

  private static JsonNode contains(Meter meter, JsonNode a, JsonNode b) {
    if (!Values.type(a).equals(Values.type(b))) {
      throw ExpressionException.evaluation(
          Values.described(a)
              + " and "
              + Values.described(b)
              + " cannot have their containment checked");
    }
    return BooleanNode.valueOf(within(meter, a, b, 1));
  }

  private static boolean within(Meter meter, JsonNode a, JsonNode b, int level) {
    meter.nested(level);
    meter.step();
    if (a.isObject() && b.isObject()) {
      for (Map.Entry<String, JsonNode> field : b.properties()) {
        JsonNode mine = a.get(field.getKey());
        if (mine == null || !within(meter, mine, field.getValue(), level + 1)) {
          return false;
        }
      }
      return true;
    }
    if (a.isArray() && b.isArray()) {
      for (JsonNode wanted : b.values()) {
        if (!anyWithin(meter, a, wanted, level)) {
          return false;
        }
      }
      return true;
    }
    if (a.isString() && b.isString()) {
      return Strings.find(meter, a.stringValue(), b.stringValue(), 0) >= 0;
    }
    return Values.equal(meter, a, b);
  }

  private static boolean anyWithin(Meter meter, JsonNode array, JsonNode wanted, int level) {
    for (JsonNode element : array.values()) {
      if (within(meter, element, wanted, level + 1)) {
        return true;
      }
    }
    return false;
  }
}
