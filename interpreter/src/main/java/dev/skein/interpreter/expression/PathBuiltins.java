package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Functions on paths and on values as trees.
final class PathBuiltins {
  private PathBuiltins() {}

  static void register(Builtins to) {
    to.generator("path", 1, PathBuiltins::paths);
    to.generator("getpath", 1, PathBuiltins::getPath);
    to.function("setpath", 2, (env, in, a) -> setPath(env.meter, in, a.get(0), a.get(1)));
    to.function("delpaths", 1, (env, in, a) -> Deletion.delete(env.meter, in, a.getFirst()));
    to.computation(
        "del", 1, (env, in, a) -> Deletion.delete(env.meter, in, collect(env, a.getFirst(), in)));
    to.computation("pick", 1, PathBuiltins::pick);
    to.generator("paths", 0, (env, path, in, out, a) -> allPaths(env, in, out, null));
    to.generator("paths", 1, (env, path, in, out, a) -> allPaths(env, in, out, a.getFirst()));
    to.generator("recurse", 0, (env, path, in, out, a) -> descend(env, path, in, 1, out));
    to.generator("walk", 1, PathBuiltins::walked);
    to.generator("tostream", 0, (env, path, in, out, a) -> stream(env, in, out));
  }

  private static boolean paths(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    return a.getFirst()
        .run(
            env,
            Path.ROOT,
            in,
            (at, found) -> emit(path, in, Path.complete(at, found).toArray(env.meter), out));
  }

  private static boolean emit(@Nullable Path path, JsonNode in, JsonNode value, Node.Sink out) {
    return out.accept(Path.computed(path, in, value), value);
  }

  private static ArrayNode collect(Env env, Node target, JsonNode in) {
    ArrayNode paths = JsonNodeFactory.instance.arrayNode();
    target.run(
        env,
        Path.ROOT,
        in,
        (at, found) -> {
          env.meter.chargeElement();
          paths.add(Path.complete(at, found).toArray(env.meter));
          return true;
        });
    return paths;
  }

  private static boolean getPath(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    return a.getFirst()
        .each(
            env,
            in,
            keys -> {
              Path at = path;
              for (JsonNode key : Paths.keys(keys)) {
                at = Path.child(at, key, in);
              }
              return out.accept(at, Paths.getPath(env.meter, in, keys.values()));
            });
  }

  private static JsonNode setPath(Meter meter, JsonNode in, JsonNode path, JsonNode value) {
    Paths.keys(path);
    Draft draft = new Draft(meter, in);
    draft.set(List.copyOf(path.values()), value);
    return draft.root();
  }

  private static JsonNode pick(Env env, JsonNode in, List<Node> a) {
    Draft draft = new Draft(env.meter, NullNode.instance);
    a.getFirst()
        .run(
            env,
            Path.ROOT,
            in,
            (at, found) -> {
              List<JsonNode> keys = Path.complete(at, found).keys();
              draft.set(keys, Paths.getPath(env.meter, in, keys));
              return true;
            });
    return draft.root();
  }

  private static boolean descend(
      Env env, @Nullable Path path, JsonNode in, int level, Node.Sink out) {
    Meter meter = env.meter;
    meter.nested(level);
    meter.step();
    if (!out.accept(path, in)) {
      return false;
    }
    if (!in.isContainer()) {
      return true;
    }
    if (path != null) {
      return AccessNodes.children(
          meter, path, in, (at, child) -> descend(env, at, child, level + 1, out));
    }
    for (JsonNode child : in.values()) {
      if (!descend(env, null, child, level + 1, out)) {
        return false;
      }
    }
    return true;
  }

  private static boolean allPaths(Env env, JsonNode in, Node.Sink out, @Nullable Node wanted) {
    return descend(
        env,
        Path.ROOT,
        in,
        1,
        (at, found) -> {
          Path path = Path.complete(at, found);
          if (path == Path.ROOT) {
            return true;
          }
          JsonNode keys = path.toArray(env.meter);
          return wanted == null
              ? out.accept(null, keys)
              : wanted.each(env, found, hit -> !Values.isTrue(hit) || out.accept(null, keys));
        });
  }

  private static boolean walked(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    return walk(env, in, a.getFirst(), 1, value -> emit(path, in, value, out));
  }

  /// Children first. Of several outputs for a field's value the first is kept, for an element all
  /// are; for the whole all come out.
  private static boolean walk(
      Env env, JsonNode in, Node change, int level, Values.Visitor visitor) {
    Meter meter = env.meter;
    meter.nested(level);
    meter.step();
    if (in.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      meter.chargeArray(in.size());
      for (JsonNode child : in.values()) {
        walk(
            env,
            child,
            change,
            level + 1,
            value -> {
              meter.chargeElement();
              array.add(value);
              return true;
            });
      }
      return change.each(env, array, visitor);
    }
    if (in.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      meter.chargeObject(in.size());
      for (var field : in.properties()) {
        walk(
            env,
            field.getValue(),
            change,
            level + 1,
            value -> {
              object.set(field.getKey(), value);
              return false;
            });
      }
      return change.each(env, object, visitor);
    }
    return change.each(env, in, visitor);
  }

  /// Every leaf with its path, and after each container the path of its last child.
  private static boolean stream(Env env, JsonNode in, Node.Sink out) {
    return stream(env, List.of(), in, out);
  }

  private static boolean stream(Env env, List<JsonNode> path, JsonNode in, Node.Sink out) {
    Meter meter = env.meter;
    meter.nested(path.size());
    meter.step();
    JsonNode here = Values.array(meter, path);
    if (!in.isContainer() || in.isEmpty()) {
      return out.accept(null, Values.array(meter, List.of(here, in)));
    }
    List<JsonNode> inner = path;
    boolean array = in.isArray();
    int index = 0;
    var names = in.propertyNames().iterator();
    for (JsonNode child : in.values()) {
      inner = new ArrayList<>(path);
      inner.add(array ? Numbers.of((long) index++) : Values.string(meter, names.next()));
      if (!stream(env, inner, child, out)) {
        return false;
      }
    }
    return out.accept(null, Values.array(meter, List.of(Values.array(meter, inner))));
  }
}
