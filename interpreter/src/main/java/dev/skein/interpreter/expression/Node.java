package dev.skein.interpreter.expression;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compiled code. It keeps nothing between runs, so many threads may run it.
///
/// With a path, a node tells with every output where in the original input that output lies;
/// without one (the usual case) it passes null along.
abstract class Node {

  /// Takes outputs, and answers whether it wants more.
  interface Sink {
    boolean accept(@Nullable Path path, JsonNode value);
  }

  /// Pushes all outputs for one input. False means that the sink wanted no more.
  abstract boolean run(Env env, @Nullable Path path, JsonNode in, Sink out);

  /// Whether this always yields exactly one output (or an error), so that [#value] may be used.
  boolean single() {
    return false;
  }

  /// The one output, of nodes that are [#single].
  JsonNode value(Env env, JsonNode in) {
    throw new IllegalStateException("has any number of outputs");
  }

  /// A node of one output that is computed, not found in the input.
  abstract static class Single extends Node {
    @Override
    abstract JsonNode value(Env env, JsonNode in);

    @Override
    boolean single() {
      return true;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      JsonNode value = value(env, in);
      return out.accept(Path.computed(path, in, value), value);
    }
  }

  /// Runs for values only.
  final boolean each(Env env, JsonNode in, Values.Visitor visitor) {
    if (single()) {
      return visitor.visit(value(env, in));
    }
    return run(env, null, in, (path, value) -> visitor.visit(value));
  }
}
