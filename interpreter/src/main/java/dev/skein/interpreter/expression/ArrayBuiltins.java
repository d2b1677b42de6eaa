package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Functions on arrays and objects: order, groups, keys, entries.
final class ArrayBuiltins {
  private static final StringNode KEY = StringNode.valueOf("key");

  private ArrayBuiltins() {}

  static void register(Builtins to) {
    to.value("keys", (meter, in) -> keys(meter, in, true));
    to.value("keys_unsorted", (meter, in) -> keys(meter, in, false));
    to.value("reverse", ArrayBuiltins::reverse);
    to.value("add", (meter, in) -> sum(meter, AccessNodes.elements(in)));
    to.computation("add", 1, ArrayBuiltins::addOutputs);
    to.computation("map", 1, ArrayBuiltins::map);
    to.value("any", (meter, in) -> BooleanNode.valueOf(anyTrue(meter, in, true)));
    to.value("all", (meter, in) -> BooleanNode.valueOf(!anyTrue(meter, in, false)));
    to.value("flatten", (meter, in) -> flatten(meter, in, 1e9));
    to.function("flatten", 1, (env, in, a) -> flatten(env.meter, in, depth(a.getFirst())));
    to.value("transpose", ArrayBuiltins::transpose);
    to.value("to_entries", ArrayBuiltins::toEntries);
    to.value("from_entries", ArrayBuiltins::fromEntries);
    to.computation(
        "with_entries",
        1,
        (env, in, a) -> fromEntries(env.meter, map(env, toEntries(env.meter, in), a)));
    to.function("bsearch", 1, (env, in, a) -> search(env.meter, in, a.getFirst()));
    sorting(to);
  }

  private static void sorting(Builtins to) {
    to.value("sort", (meter, in) -> Keyed.plain(meter, in, "sorted").sorted());
    to.computation("sort_by", 1, (env, in, a) -> Keyed.by(env, in, a, "sorted").sorted());
    to.computation("group_by", 1, (env, in, a) -> Keyed.by(env, in, a, "grouped").groups());
    to.value("unique", (meter, in) -> Keyed.plain(meter, in, "sorted").unique());
    to.computation("unique_by", 1, (env, in, a) -> Keyed.by(env, in, a, "grouped").unique());
    to.value("min", (meter, in) -> Keyed.plain(meter, in, "iterated").least());
    to.computation("min_by", 1, (env, in, a) -> Keyed.by(env, in, a, "iterated").least());
    to.value("max", (meter, in) -> Keyed.plain(meter, in, "iterated").greatest());
    to.computation("max_by", 1, (env, in, a) -> Keyed.by(env, in, a, "iterated").greatest());
  }

  private static JsonNode keys(Meter meter, JsonNode in, boolean sorted) {
    List<JsonNode> keys = new ArrayList<>();
    if (in.isArray()) {
      for (int i = 0; i < in.size(); i++) {
        keys.add(Numbers.of((long) i));
      }
    } else if (in.isObject()) {
      for (String key : sorted ? Values.sortedKeys(meter, in) : in.propertyNames()) {
        keys.add(StringNode.valueOf(key));
      }
    } else {
      throw ExpressionException.evaluation(Values.described(in) + " has no keys");
    }
    return Values.array(meter, keys);
  }

  private static JsonNode reverse(Meter meter, JsonNode in) {
    if (in.isString()) {
      String reversed = new StringBuilder(in.stringValue()).reverse().toString();
      return Values.string(meter, reversed);
    }
    if (in.isArray()) {
      return Values.array(meter, Values.reversed(in));
    }
    if (in.isNull() || (in.isObject() && in.isEmpty())) {
      return JsonNodeFactory.instance.arrayNode();
    }
    throw ExpressionException.evaluation(
        "Cannot reverse " + Values.described(in) + ": it is no array");
  }

  private static JsonNode sum(Meter meter, Iterable<JsonNode> values) {
    Sum sum = new Sum(meter);
    for (JsonNode value : values) {
      sum.add(value);
    }
    return sum.total();
  }

  private static JsonNode addOutputs(Env env, JsonNode in, List<Node> arguments) {
    Sum sum = new Sum(env.meter);
    arguments
        .getFirst()
        .each(
            env,
            in,
            value -> {
              sum.add(value);
              return true;
            });
    return sum.total();
  }

  private static JsonNode map(Env env, JsonNode in, List<Node> arguments) {
    Node body = arguments.getFirst();
    ArrayNode mapped = JsonNodeFactory.instance.arrayNode();
    Meter meter = env.meter;
    meter.chargeArray(0);
    for (JsonNode element : AccessNodes.elements(in)) {
      meter.step();
      if (body.single()) {
        meter.chargeElement();
        mapped.add(body.value(env, element));
      } else {
        body.run(
            env,
            null,
            element,
            (path, value) -> {
              meter.chargeElement();
              mapped.add(value);
              return true;
            });
      }
    }
    return mapped;
  }

  private static boolean anyTrue(Meter meter, JsonNode in, boolean wanted) {
    meter.work(in.size());
    for (JsonNode element : AccessNodes.elements(in)) {
      if (Values.isTrue(element) == wanted) {
        return true;
      }
    }
    return false;
  }

  private static double depth(JsonNode depth) {
    if (!depth.isNumber()) {
      throw ExpressionException.evaluation("flatten depth must be a number");
    }
    double levels = Numbers.toDouble(depth);
    if (levels < 0) {
      throw ExpressionException.evaluation("flatten depth must not be negative");
    }
    return levels;
  }

  private static JsonNode flatten(Meter meter, JsonNode in, double depth) {
    ArrayNode flat = JsonNodeFactory.instance.arrayNode();
    meter.chargeArray(0);
    flatten(meter, in, depth, 1, flat);
    return flat;
  }

  private static void flatten(Meter meter, JsonNode in, double depth, int level, ArrayNode flat) {
    meter.nested(level);
    for (JsonNode element : AccessNodes.elements(in)) {
      meter.step();
      if (element.isArray() && depth > 0) {
        flatten(meter, element, depth - 1, level + 1, flat);
      } else {
        meter.chargeElement();
        flat.add(element);
      }
    }
  }

  private static JsonNode transpose(Meter meter, JsonNode in) {
    int width = 0;
    for (JsonNode row : AccessNodes.elements(in)) {
      if (!row.isNull() && !row.isArray()) {
        throw Paths.notIndexable(row, Numbers.of(0L));
      }
      width = Math.max(width, row.size());
    }
    List<JsonNode> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      List<JsonNode> column = new ArrayList<>();
      for (JsonNode row : in.values()) {
        meter.step();
        column.add(i < row.size() ? row.get(i) : NullNode.instance);
      }
      columns.add(Values.array(meter, column));
    }
    return Values.array(meter, columns);
  }

  /// Of an array too: there the keys are the positions.
  private static JsonNode toEntries(Meter meter, JsonNode in) {
    JsonNode keys = keys(meter, in, false);
    List<JsonNode> entries = new ArrayList<>(in.size());
    int index = 0;
    for (JsonNode value : in.values()) {
      meter.step();
      meter.chargeObject(2);
      ObjectNode entry = JsonNodeFactory.instance.objectNode();
      entry.set("key", keys.get(index++));
      entry.set("value", value);
      entries.add(entry);
    }
    return Values.array(meter, entries);
  }

  /// Entries may be spelt `key`, `k`, `name` and `value`, `v`, in small or with a capital.
  private static JsonNode fromEntries(Meter meter, JsonNode in) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    meter.chargeObject(0);
    for (JsonNode entry : AccessNodes.elements(in)) {
      meter.step();
      if (!entry.isObject() && !entry.isNull()) {
        throw Paths.notIndexable(entry, KEY);
      }
      JsonNode key = NullNode.instance;
      for (String name : List.of("key", "k", "name", "Name", "Key", "K")) {
        JsonNode found = entry.get(name);
        if (found != null && (Values.isTrue(found) || (found.isBoolean() && key.isNull()))) {
          key = found;
          if (Values.isTrue(found)) {
            break;
          }
        }
      }
      JsonNode value = NullNode.instance;
      for (String name : List.of("value", "v", "Value", "V")) {
        JsonNode found = entry.get(name);
        if (found != null) {
          value = found;
          break;
        }
      }
      meter.chargeObject(1);
      object.set(entryName(key), value);
    }
    return object;
  }

  private static String entryName(JsonNode key) {
    return switch (key.getNodeType()) {
      case STRING -> key.stringValue();
      case NUMBER -> Numbers.text(key);
      case BOOLEAN -> String.valueOf(key.booleanValue());
      case NULL, MISSING -> "null";
      case ARRAY, OBJECT, BINARY, POJO ->
          throw ExpressionException.evaluation(
              "Cannot use " + Values.described(key) + " as object key");
    };
  }

  /// The index of a value in a sorted array, or minus one minus the place where it belongs.
  private static JsonNode search(Meter meter, JsonNode in, JsonNode wanted) {
    if (!in.isArray() && !in.isNull()) {
      throw ExpressionException.evaluation(Values.described(in) + " cannot be searched from");
    }
    int low = 0;
    int high = in.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Values.compare(meter, in.get(middle), wanted);
      if (order == 0) {
        return Numbers.of((long) middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Numbers.of(-1L - low);
  }
}
