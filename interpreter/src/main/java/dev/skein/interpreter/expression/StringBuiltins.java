package dev.skein.interpreter.expression;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/// Functions on strings, without regular expressions.
final class StringBuiltins {
  private static final int REPLACEMENT = 0xFFFD;

  private StringBuiltins() {}

  static void register(Builtins to) {
    to.value("utf8bytelength", (meter, in) -> byteLength(meter, in));
    to.value("ascii_downcase", (meter, in) -> ascii(meter, in, "ascii_downcase", 'A', 'Z', 32));
    to.value("ascii_upcase", (meter, in) -> ascii(meter, in, "ascii_upcase", 'a', 'z', -32));
    to.value("explode", StringBuiltins::explode);
    to.value("implode", StringBuiltins::implode);
    to.value("ascii", (meter, in) -> implode(meter, Values.array(meter, List.of(in))));
    to.value("trim", (meter, in) -> trim(meter, in, String::strip));
    to.value("ltrim", (meter, in) -> trim(meter, in, String::stripLeading));
    to.value("rtrim", (meter, in) -> trim(meter, in, String::stripTrailing));
    to.function("ltrimstr", 1, (env, in, a) -> trimStart(env.meter, in, a.getFirst()));
    to.function("rtrimstr", 1, (env, in, a) -> trimEnd(env.meter, in, a.getFirst()));
    to.function(
        "startswith",
        1,
        (env, in, a) -> {
          both(env, "startswith() requires string inputs", in, a.getFirst());
          return BooleanNode.valueOf(in.stringValue().startsWith(a.getFirst().stringValue()));
        });
    to.function(
        "endswith",
        1,
        (env, in, a) -> {
          both(env, "endswith() requires string inputs", in, a.getFirst());
          return BooleanNode.valueOf(in.stringValue().endsWith(a.getFirst().stringValue()));
        });
    to.function(
        "split",
        1,
        (env, in, a) -> {
          both(env, "split input and separator must be strings", in, a.getFirst());
          return Strings.split(env.meter, in.stringValue(), a.getFirst().stringValue());
        });
    to.function("join", 1, (env, in, a) -> join(env.meter, in, a.getFirst()));
    to.function("indices", 1, (env, in, a) -> indices(env.meter, in, a.getFirst()));
    to.function("index", 1, (env, in, a) -> end(indices(env.meter, in, a.getFirst()), true));
    to.function("rindex", 1, (env, in, a) -> end(indices(env.meter, in, a.getFirst()), false));
  }

  private static void both(Env env, String message, JsonNode in, JsonNode argument) {
    if (!in.isString() || !argument.isString()) {
      throw ExpressionException.evaluation(message);
    }
    env.meter.work(argument.stringValue().length());
  }

  private static JsonNode byteLength(Meter meter, JsonNode in) {
    if (!in.isString()) {
      throw ExpressionException.evaluation(
          Values.described(in) + " only strings have UTF-8 byte length");
    }
    String text = in.stringValue();
    meter.chargeText(text.length());
    return Numbers.of((long) text.getBytes(StandardCharsets.UTF_8).length);
  }

  private static JsonNode ascii(
      Meter meter, JsonNode in, String name, char from, char to, int shift) {
    if (!in.isString()) {
      throw ExpressionException.evaluation(name + " input must be a string");
    }
    char[] characters = in.stringValue().toCharArray();
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] >= from && characters[i] <= to) {
        characters[i] += (char) shift;
      }
    }
    return Values.string(meter, new String(characters));
  }

  private static JsonNode explode(Meter meter, JsonNode in) {
    if (!in.isString()) {
      throw ExpressionException.evaluation("explode input must be a string");
    }
    meter.chargeArray(in.stringValue().length());
    List<JsonNode> codePoints = new ArrayList<>();
    in.stringValue().codePoints().forEach(c -> codePoints.add(Numbers.of((long) c)));
    return Values.array(meter, codePoints);
  }

  private static JsonNode implode(Meter meter, JsonNode in) {
    if (!in.isArray()) {
      throw ExpressionException.evaluation("implode input must be an array");
    }
    StringBuilder text = new StringBuilder();
    meter.chargeText(in.size());
    for (JsonNode codePoint : in.values()) {
      if (!codePoint.isNumber() || Double.isNaN(Numbers.toDouble(codePoint))) {
        throw ExpressionException.evaluation(
            Values.described(codePoint)
                + " can't be imploded, unicode codepoint needs to be numeric");
      }
      int c = Numbers.toInt(codePoint);
      boolean valid = Character.isValidCodePoint(c) && !(c >= 0xD800 && c <= 0xDFFF);
      text.appendCodePoint(valid ? c : REPLACEMENT);
    }
    return Values.string(meter, text.toString());
  }

  private static JsonNode trim(Meter meter, JsonNode in, UnaryOperator<String> trimmer) {
    if (!in.isString()) {
      throw ExpressionException.evaluation(Values.described(in) + " cannot be trimmed");
    }
    return Values.string(meter, trimmer.apply(in.stringValue()));
  }

  private static JsonNode trimStart(Meter meter, JsonNode in, JsonNode start) {
    boolean trims =
        in.isString() && start.isString() && in.stringValue().startsWith(start.stringValue());
    return trims
        ? Values.string(meter, in.stringValue().substring(start.stringValue().length()))
        : in;
  }

  private static JsonNode trimEnd(Meter meter, JsonNode in, JsonNode end) {
    boolean trims = in.isString() && end.isString() && in.stringValue().endsWith(end.stringValue());
    if (!trims) {
      return in;
    }
    String text = in.stringValue();
    return Values.string(meter, text.substring(0, text.length() - end.stringValue().length()));
  }

  private static JsonNode join(Meter meter, JsonNode in, JsonNode separator) {
    Sum sum = new Sum(meter);
    boolean first = true;
    for (JsonNode element : AccessNodes.elements(in)) {
      sum.add(first ? Values.string(meter, "") : separator);
      first = false;
      boolean shown = element.isNumber() || element.isBoolean();
      sum.add(shown ? ValueBuiltins.text(meter, element) : element);
    }
    return first ? Values.string(meter, "") : sum.total();
  }

  private static JsonNode indices(Meter meter, JsonNode in, JsonNode wanted) {
    return in.isNull() ? in : Strings.indices(meter, in, wanted);
  }

  private static JsonNode end(JsonNode places, boolean first) {
    if (!places.isArray() || places.isEmpty()) {
      return NullNode.instance;
    }
    return places.get(first ? 0 : places.size() - 1);
  }
}
