package dev.skein.interpreter.expression;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Code that steers: pipe, comma, conditions, alternatives, errors, labels.
final class FlowNodes {
  private FlowNodes() {}

  static final class Pipe extends Node {
    private final Node left;
    private final Node right;

    Pipe(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean single() {
      return left.single() && right.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return right.value(env, left.value(env, in));
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      if (path == null && left.single()) {
        return right.run(env, null, left.value(env, in), out);
      }
      return left.run(env, path, in, (at, found) -> right.run(env, at, found, out));
    }
  }

  static final class Comma extends Node {
    private final Node left;
    private final Node right;

    Comma(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return left.run(env, path, in, out) && right.run(env, path, in, out);
    }
  }

  static final class If extends Node {
    private final Node condition;
    private final Node then;
    private final Node otherwise;

    If(Node condition, Node then, Node otherwise) {
      this.condition = condition;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    boolean single() {
      return condition.single() && then.single() && otherwise.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return branch(condition.value(env, in)).value(env, in);
    }

    private Node branch(JsonNode decision) {
      return Values.isTrue(decision) ? then : otherwise;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      if (condition.single()) {
        return branch(condition.value(env, in)).run(env, path, in, out);
      }
      return condition.each(env, in, decision -> branch(decision).run(env, path, in, out));
    }
  }

  /// `left // right`: the true outputs of the left side, or all of the right if there are none.
  static final class Alternative extends Node {
    private final Node left;
    private final Node right;

    Alternative(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean single() {
      return left.single() && right.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      JsonNode value = left.value(env, in);
      return Values.isTrue(value) ? value : right.value(env, in);
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      if (path == null && left.single()) {
        JsonNode value = left.value(env, in);
        return Values.isTrue(value) ? out.accept(null, value) : right.run(env, null, in, out);
      }
      TrueOnly found = new TrueOnly(out);
      boolean more = left.run(env, path, in, found);
      return found.any ? more : right.run(env, path, in, out);
    }
  }

  /// Owned by one run.
  private static final class TrueOnly implements Node.Sink {
    private final Node.Sink out;
    private boolean any;

    TrueOnly(Node.Sink out) {
      this.out = out;
    }

    @Override
    public boolean accept(@Nullable Path path, JsonNode value) {
      if (!Values.isTrue(value)) {
        return true;
      }
      any = true;
      return out.accept(path, value);
    }
  }

  /// Lets an error be forgotten, if a `try` may catch it at all.
  static void recover(Env env, int depth, ExpressionException e) {
    if (!e.catchable()) {
      throw e;
    }
    env.meter.depth(depth);
  }

  /// Stands between a guarded body and those who take its outputs: their errors are none of the
  /// body's and pass its `try` in a wrapper.
  static final class Guard implements Node.Sink {
    private final Node.Sink out;

    Guard(Node.Sink out) {
      this.out = out;
    }

    @Override
    public boolean accept(@Nullable Path path, JsonNode value) {
      try {
        return out.accept(path, value);
      } catch (ExpressionException e) {
        throw new Passing(this, e);
      }
    }
  }

  /// An error on its way through the `try` that its guard belongs to.
  static final class Passing extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Guard guard;
    private final ExpressionException error;

    Passing(Guard guard, ExpressionException error) {
      super(null, error, false, false);
      this.guard = guard;
      this.error = error;
    }

    RuntimeException unwrap(Guard mine) {
      return guard == mine ? error : this;
    }
  }

  static final class Try extends Node {
    private final Node body;
    private final @Nullable Node handler;

    Try(Node body, @Nullable Node handler) {
      this.body = body;
      this.handler = handler;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      int depth = env.meter.depth();
      if (path == null && body.single()) {
        JsonNode value;
        try {
          value = body.value(env, in);
        } catch (ExpressionException e) {
          return handle(env, depth, e, null, in, out);
        }
        return out.accept(null, value);
      }
      Guard guard = new Guard(out);
      try {
        return body.run(env, path, in, guard);
      } catch (ExpressionException e) {
        return handle(env, depth, e, path, in, out);
      } catch (Passing e) {
        throw e.unwrap(guard);
      }
    }

    private boolean handle(
        Env env, int depth, ExpressionException e, @Nullable Path path, JsonNode in, Sink out) {
      recover(env, depth, e);
      if (handler == null) {
        return true;
      }
      JsonNode value = e.value();
      return handler.run(env, Path.computed(path, in, value), value, out);
    }
  }

  static final class Label extends Node {
    private final Node body;

    Label(Node body) {
      this.body = body;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      Env marked = env.mark();
      int depth = env.meter.depth();
      try {
        return body.run(marked, path, in, out);
      } catch (Broken e) {
        if (e.label != marked) {
          throw e;
        }
        env.meter.depth(depth);
        return true;
      }
    }
  }

  static final class Break extends Node {
    private final int hops;

    Break(int hops) {
      this.hops = hops;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      throw new Broken(env.up(hops));
    }
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Env label;

    Broken(Env label) {
      super(null, null, false, false);
      this.label = label;
    }
  }
}
