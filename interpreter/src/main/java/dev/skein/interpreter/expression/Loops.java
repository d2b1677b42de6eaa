package dev.skein.interpreter.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `recurse`, `while`, `until`, `repeat`. The first three go on from the last output of each round
/// in a loop and only from the earlier ones by recursion, so the usual single output never deepens
/// the stack.
final class Loops {
  private Loops() {}

  /// What one turn does with a value before going on from it.
  private enum Turn {
    GO_ON,
    STOP_HERE,
    REFUSED
  }

  private interface Visit {
    Turn at(@Nullable Path path, JsonNode value);
  }

  static void register(Builtins to) {
    to.generator(
        "recurse",
        1,
        (env, path, in, out, a) -> new Loop(env, a.getFirst(), emitting(out)).run(path, in));
    to.generator("repeat", 1, Loops::repeat);
    to.generator(
        "recurse",
        2,
        (env, path, in, out, a) -> new Loop(env, filtered(a), emitting(out)).run(path, in));
    to.generator("while", 2, Loops::whileTrue);
    to.generator("until", 2, Loops::until);
  }

  /// All outputs for the same input, again and again.
  private static boolean repeat(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    boolean more = true;
    while (more) {
      env.meter.step();
      more = a.getFirst().run(env, path, in, out);
    }
    return false;
  }

  private static Visit emitting(Node.Sink out) {
    return (path, value) -> out.accept(path, value) ? Turn.GO_ON : Turn.REFUSED;
  }

  /// `f | select(condition)`.
  private static Node filtered(List<Node> a) {
    return new Node() {
      @Override
      boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
        return a.get(0)
            .run(
                env,
                path,
                in,
                (at, found) ->
                    a.get(1).each(env, found, ok -> !Values.isTrue(ok) || out.accept(at, found)));
      }
    };
  }

  private static boolean whileTrue(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    Visit visit =
        (at, value) -> {
          if (!holds(env, a.get(0), value)) {
            return Turn.STOP_HERE;
          }
          return out.accept(at, value) ? Turn.GO_ON : Turn.REFUSED;
        };
    return new Loop(env, a.get(1), visit).run(path, in);
  }

  private static boolean until(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    Visit visit =
        (at, value) -> {
          if (!holds(env, a.get(0), value)) {
            return Turn.GO_ON;
          }
          return out.accept(at, value) ? Turn.STOP_HERE : Turn.REFUSED;
        };
    return new Loop(env, a.get(1), visit).run(path, in);
  }

  private static boolean holds(Env env, Node condition, JsonNode value) {
    JsonNode answer = UpdateNodes.first(env, condition, value);
    return answer != null && Values.isTrue(answer);
  }

  /// Owned by one run.
  private static final class Loop {
    private final Env env;
    private final Node next;
    private final Visit visit;

    Loop(Env env, Node next, Visit visit) {
      this.env = env;
      this.next = next;
      this.visit = visit;
    }

    boolean run(@Nullable Path path, JsonNode in) {
      Path at = path;
      JsonNode value = in;
      while (true) {
        env.meter.step();
        Turn turn = visit.at(at, value);
        if (turn != Turn.GO_ON) {
          return turn == Turn.STOP_HERE;
        }
        if (at == null && next.single()) {
          value = next.value(env, value);
          continue;
        }
        Held held = new Held();
        try {
          if (!next.run(env, at, value, held)) {
            return false;
          }
        } catch (ExpressionException e) {
          // What came before the error comes out before it.
          if (e.catchable() && held.value != null && !deeper(held.path, held.value)) {
            return false;
          }
          throw e;
        }
        if (held.value == null) {
          return true;
        }
        at = held.path;
        value = held.value;
      }
    }

    private boolean deeper(@Nullable Path path, JsonNode value) {
      env.meter.enter();
      boolean more = run(path, value);
      env.meter.leave();
      return more;
    }

    /// Keeps the newest output and goes on from the one before it.
    private final class Held implements Node.Sink {
      @Nullable Path path;
      @Nullable JsonNode value;

      @Override
      public boolean accept(@Nullable Path newPath, JsonNode newValue) {
        Path oldPath = path;
        JsonNode oldValue = value;
        path = newPath;
        value = newValue;
        if (oldValue == null || deeper(oldPath, oldValue)) {
          return true;
        }
        value = null;
        return false;
      }
    }
  }
}
