package dev.skein.interpreter.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// Code that binds names: `as`, `reduce`, `foreach`, calls of functions and of parameters.
final class BindNodes {
  private BindNodes() {}

  /// Continues with the names of a pattern bound.
  interface Bound {
    boolean with(Env env);
  }

  /// Compiled left side of `as`: binds its variables in order, one entry each.
  sealed interface Matcher {
    /// Calls `bound` for each way to match.
    boolean match(Env env, JsonNode value, Bound bound);
  }

  record One() implements Matcher {
    @Override
    public boolean match(Env env, JsonNode value, Bound bound) {
      return bound.with(env.bind(value));
    }
  }

  /// Elements or fields: for each a variable for the found value itself, or nested patterns, or
  /// both.
  record Parts(List<Part> parts) implements Matcher {
    @Override
    public boolean match(Env env, JsonNode value, Bound bound) {
      return from(0, env, value, bound);
    }

    private boolean from(int index, Env env, JsonNode value, Bound bound) {
      if (index == parts.size()) {
        return bound.with(env);
      }
      Part part = parts.get(index);
      return part.key.each(
          env,
          value,
          key -> {
            JsonNode found = Paths.get(value, part.checked(key));
            Env named = part.named ? env.bind(found) : env;
            Bound next = then -> from(index + 1, then, value, bound);
            return part.nested == null ? next.with(named) : part.nested.match(named, found, next);
          });
    }
  }

  record Part(Node key, boolean field, boolean named, @Nullable Matcher nested) {
    JsonNode checked(JsonNode found) {
      if (field && !found.isString()) {
        throw ExpressionException.evaluation("Cannot index object with " + Values.type(found));
      }
      return found;
    }
  }

  /// `source as pattern | body`.
  static final class Bind extends Node {
    private final Node source;
    private final Matcher pattern;
    private final Node body;

    Bind(Node source, Matcher pattern, Node body) {
      this.source = source;
      this.pattern = pattern;
      this.body = body;
    }

    @Override
    boolean single() {
      return pattern instanceof One && source.single() && body.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return body.value(env.bind(source.value(env, in)), in);
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return source.each(
          env, in, value -> pattern.match(env, value, bound -> body.run(bound, path, in, out)));
    }
  }

  /// `source as first ?// second | body`: each pattern with its own copy of the body.
  static final class BindAny extends Node {
    private final Node source;
    private final List<Matcher> patterns;
    private final List<Node> bodies;
    private final int variables;

    BindAny(Node source, List<Matcher> patterns, List<Node> bodies, int variables) {
      this.source = source;
      this.patterns = patterns;
      this.bodies = bodies;
      this.variables = variables;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      Env nulls = env;
      for (int i = 0; i < variables; i++) {
        nulls = nulls.bind(NullNode.instance);
      }
      Env start = nulls;
      return source.each(env, in, value -> attempt(0, start, path, in, value, out));
    }

    private boolean attempt(
        int choice, Env env, @Nullable Path path, JsonNode in, JsonNode value, Sink out) {
      Node body = bodies.get(choice);
      FlowNodes.Guard guard = new FlowNodes.Guard(out);
      int depth = env.meter.depth();
      try {
        return patterns.get(choice).match(env, value, bound -> body.run(bound, path, in, guard));
      } catch (ExpressionException e) {
        FlowNodes.recover(env, depth, e);
        if (choice == patterns.size() - 1) {
          throw e;
        }
      } catch (FlowNodes.Passing e) {
        throw e.unwrap(guard);
      }
      return attempt(choice + 1, env, path, in, value, out);
    }
  }

  /// A compiled function; its body is set once all its calls are compiled.
  static final class Function {
    private final int level;
    private final int parameters;
    private @Nullable Node body;

    /// @param level how many entries surround the definition
    Function(int level, int parameters) {
      this.level = level;
      this.parameters = parameters;
    }

    int level() {
      return level;
    }

    int parameters() {
      return parameters;
    }

    void body(Node code) {
      this.body = code;
    }

    Node body() {
      if (body == null) {
        throw new IllegalStateException("not compiled yet");
      }
      return body;
    }
  }

  static final class Call extends Node {
    private final Function function;
    private final int hops;
    private final List<Node> arguments;

    /// @param hops how far up the surroundings of the definition are
    Call(Function function, int hops, List<Node> arguments) {
      this.function = function;
      this.hops = hops;
      this.arguments = arguments;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      Env inner = env.up(hops);
      for (Node argument : arguments) {
        // A parameter that is merely handed on needs no closure around its closure.
        inner =
            inner.bind(
                argument instanceof Parameter handed
                    ? env.up(handed.hops).closure()
                    : new Env.Closure(argument, env));
      }
      Meter meter = env.meter;
      meter.step();
      meter.enter();
      boolean more = function.body().run(inner, path, in, out);
      meter.leave();
      return more;
    }
  }

  static final class Parameter extends Node {
    private final int hops;

    Parameter(int hops) {
      this.hops = hops;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      Env.Closure closure = env.up(hops).closure();
      return closure.code().run(closure.env(), path, in, out);
    }
  }
}
