package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Code that builds values: arrays, objects, strings with holes.
final class BuildNodes {
  private BuildNodes() {}

  /// `[ … ]`.
  static final class ArrayOf extends Node.Single {
    private final @Nullable Node elements;

    ArrayOf(@Nullable Node elements) {
      this.elements = elements;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      env.meter.chargeArray(0);
      if (elements == null) {
        return JsonNodeFactory.instance.arrayNode();
      }
      return collect(env, elements, in);
    }
  }

  static ArrayNode collect(Env env, Node source, JsonNode in) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    Meter meter = env.meter;
    source.each(
        env,
        in,
        value -> {
          meter.chargeElement();
          array.add(value);
          return true;
        });
    return array;
  }

  /// `{ … }` whose keys and values all have one output.
  static final class PlainObject extends Node.Single {
    private final List<Node> keys;
    private final List<Node> values;

    PlainObject(List<Node> keys, List<Node> values) {
      this.keys = List.copyOf(keys);
      this.values = List.copyOf(values);
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      env.meter.chargeObject(keys.size());
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < keys.size(); i++) {
        JsonNode key = keys.get(i).value(env, in);
        object.set(name(key), values.get(i).value(env, in));
      }
      return object;
    }
  }

  /// `{ … }` in all combinations of its keys and values.
  static final class ObjectOf extends Node {
    private final List<Node> keys;
    private final List<Node> values;

    ObjectOf(List<Node> keys, List<Node> values) {
      this.keys = List.copyOf(keys);
      this.values = List.copyOf(values);
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return fill(
          env, in, new ArrayList<>(), value -> out.accept(Path.computed(path, in, value), value));
    }

    private boolean fill(Env env, JsonNode in, List<JsonNode> chosen, Values.Visitor visitor) {
      int entry = chosen.size() / 2;
      if (entry == keys.size()) {
        env.meter.step();
        env.meter.chargeObject(entry);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < chosen.size(); i += 2) {
          object.set(chosen.get(i).stringValue(), chosen.get(i + 1));
        }
        return visitor.visit(object);
      }
      return keys.get(entry)
          .each(
              env,
              in,
              key -> {
                name(key);
                chosen.add(key);
                boolean more =
                    values
                        .get(entry)
                        .each(
                            env,
                            in,
                            value -> {
                              chosen.add(value);
                              boolean goOn = fill(env, in, chosen, visitor);
                              chosen.removeLast();
                              return goOn;
                            });
                chosen.removeLast();
                return more;
              });
    }
  }

  static String name(JsonNode key) {
    if (!key.isString()) {
      throw ExpressionException.evaluation(
          "Cannot use " + Values.described(key) + " as object key");
    }
    return key.stringValue();
  }

  /// A string with holes; the last hole varies slowest.
  static final class Text extends Node {
    private final List<Node> parts;
    private final boolean single;

    Text(List<Node> parts) {
      this.parts = List.copyOf(parts);
      this.single = parts.stream().allMatch(Node::single);
    }

    @Override
    boolean single() {
      return single;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      StringBuilder text = new StringBuilder();
      for (Node part : parts) {
        text.append(part.value(env, in).stringValue());
      }
      return Values.string(env.meter, text.toString());
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      if (single) {
        JsonNode value = value(env, in);
        return out.accept(Path.computed(path, in, value), value);
      }
      return prepend(
          env,
          in,
          parts.size() - 1,
          "",
          value -> out.accept(Path.computed(path, in, value), value));
    }

    private boolean prepend(Env env, JsonNode in, int part, String tail, Values.Visitor visitor) {
      env.meter.step();
      if (part < 0) {
        return visitor.visit(Values.string(env.meter, tail));
      }
      return parts
          .get(part)
          .each(
              env,
              in,
              value -> {
                env.meter.chargeText((long) tail.length() + value.stringValue().length());
                return prepend(env, in, part - 1, value.stringValue() + tail, visitor);
              });
    }
  }
}
