package dev.skein.interpreter.expression;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Code that finds values: `.`, `.a`, `.[k]`, `.[a:b]`, `.[]`, `$x`.
final class AccessNodes {
  private AccessNodes() {}

  static final class Identity extends Node {
    @Override
    boolean single() {
      return true;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return in;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return out.accept(path, in);
    }
  }

  static final class Constant extends Node.Single {
    final JsonNode value;

    Constant(JsonNode value) {
      this.value = value;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return value;
    }
  }

  static final class Local extends Node.Single {
    private final int hops;

    Local(int hops) {
      this.hops = hops;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return env.up(hops).value();
    }
  }

  /// A variable of the surroundings.
  static final class Outer extends Node.Single {
    private final String name;
    private final int offset;

    Outer(String name, int offset) {
      this.name = name;
      this.offset = offset;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      JsonNode value = env.scope.variable(name);
      if (value == null) {
        throw ExpressionException.evaluation("$" + name + " is not defined", offset);
      }
      return value.isMissingNode() ? NullNode.instance : value;
    }
  }

  /// `target.name`: the hot path.
  static final class Field extends Node {
    private final Node target;
    private final JsonNode key;
    private final String name;

    Field(Node target, JsonNode key) {
      this.target = target;
      this.key = key;
      this.name = key.stringValue();
    }

    @Override
    boolean single() {
      return target.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return of(target.value(env, in));
    }

    private JsonNode of(JsonNode container) {
      if (container instanceof ObjectNode object) {
        JsonNode found = object.get(name);
        return found == null ? NullNode.instance : found;
      }
      return Paths.get(container, key);
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      if (path == null && single()) {
        return out.accept(null, value(env, in));
      }
      return target.run(
          env, path, in, (at, found) -> out.accept(Path.child(at, key, found), of(found)));
    }
  }

  /// `target[key]`, the key being evaluated on the input of both.
  static final class Index extends Node {
    private final Node target;
    private final Node key;

    Index(Node target, Node key) {
      this.target = target;
      this.key = key;
    }

    @Override
    boolean single() {
      return target.single() && key.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      JsonNode index = key.value(env, in);
      return index(env, target.value(env, in), index);
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return key.each(
          env,
          in,
          index ->
              target.run(
                  env,
                  path,
                  in,
                  (at, found) ->
                      out.accept(Path.child(at, index, found), index(env, found, index))));
    }

    private static JsonNode index(Env env, JsonNode container, JsonNode index) {
      if (container.isArray() && index.isArray()) {
        return Strings.indices(env.meter, container, index);
      }
      return index.isObject()
          ? Paths.slice(env.meter, container, index)
          : Paths.get(container, index);
    }
  }

  /// `target[from:to]`; in a path it is one key, the object `{"start": …, "end": …}`.
  static final class Slice extends Node {
    private final Node target;
    private final Node from;
    private final Node to;

    Slice(Node target, Node from, Node to) {
      this.target = target;
      this.from = from;
      this.to = to;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return to.each(
          env,
          in,
          end ->
              from.each(
                  env,
                  in,
                  start -> {
                    JsonNode range = range(start, end);
                    return target.run(
                        env,
                        path,
                        in,
                        (at, found) ->
                            out.accept(
                                Path.child(at, range, found),
                                Paths.slice(env.meter, found, range)));
                  }));
    }

    private static JsonNode range(JsonNode start, JsonNode end) {
      ObjectNode range = JsonNodeFactory.instance.objectNode();
      range.set("start", start);
      range.set("end", end);
      return range;
    }
  }

  static final class Iterate extends Node {
    private final Node target;

    Iterate(Node target) {
      this.target = target;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      if (path == null && target.single()) {
        return values(env.meter, target.value(env, in), out);
      }
      return target.run(
          env,
          path,
          in,
          (at, found) ->
              at == null ? values(env.meter, found, out) : children(env.meter, at, found, out));
    }

    private static boolean values(Meter meter, JsonNode container, Sink out) {
      for (JsonNode child : elements(container)) {
        meter.step();
        if (!out.accept(null, child)) {
          return false;
        }
      }
      return true;
    }
  }

  /// All children with their paths.
  static boolean children(Meter meter, Path path, JsonNode container, Node.Sink out) {
    Path.iterated(path, container);
    Collection<JsonNode> elements = elements(container);
    if (container.isArray()) {
      int index = 0;
      for (JsonNode child : elements) {
        meter.step();
        JsonNode key = Numbers.of((long) index++);
        if (!out.accept(Path.child(path, key, container), child)) {
          return false;
        }
      }
      return true;
    }
    for (var field : container.properties()) {
      meter.step();
      JsonNode key = Values.string(meter, field.getKey());
      if (!out.accept(Path.child(path, key, container), field.getValue())) {
        return false;
      }
    }
    return true;
  }

  static Collection<JsonNode> elements(JsonNode container) {
    if (!container.isContainer()) {
      throw ExpressionException.evaluation("Cannot iterate over " + Values.described(container));
    }
    return container.values();
  }
}
