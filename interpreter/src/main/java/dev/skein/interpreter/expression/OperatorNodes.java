package dev.skein.interpreter.expression;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// Code of the operators on values.
final class OperatorNodes {
  private OperatorNodes() {}

  /// An operator between single values.
  static final class Simple extends Node.Single {
    private final Operator operator;
    private final Node left;
    private final Node right;

    Simple(Operator operator, Node left, Node right) {
      this.operator = operator;
      this.left = left;
      this.right = right;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      JsonNode second = right.value(env, in);
      return operator.apply(env.meter, left.value(env, in), second);
    }
  }

  /// An operator on all combinations, the left side varying fastest.
  static final class Binary extends Node {
    private final Operator operator;
    private final Node left;
    private final Node right;

    Binary(Operator operator, Node left, Node right) {
      this.operator = operator;
      this.left = left;
      this.right = right;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return right.each(
          env,
          in,
          second ->
              left.each(
                  env,
                  in,
                  first -> {
                    JsonNode value = operator.apply(env.meter, first, second);
                    return out.accept(Path.computed(path, in, value), value);
                  }));
    }
  }

  static final class Negate extends Node {
    private final Node operand;

    Negate(Node operand) {
      this.operand = operand;
    }

    @Override
    boolean single() {
      return operand.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return Arithmetic.negate(operand.value(env, in));
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return operand.each(
          env,
          in,
          found -> {
            JsonNode value = Arithmetic.negate(found);
            return out.accept(Path.computed(path, in, value), value);
          });
    }
  }

  /// `and`, `or`: the right side is looked at only if the left side does not decide.
  static final class Logic extends Node {
    private final boolean decider;
    private final Node left;
    private final Node right;

    /// @param decider the value that decides: true for `or`, false for `and`
    Logic(boolean decider, Node left, Node right) {
      this.decider = decider;
      this.left = left;
      this.right = right;
    }

    @Override
    boolean single() {
      return left.single() && right.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      if (Values.isTrue(left.value(env, in)) == decider) {
        return BooleanNode.valueOf(decider);
      }
      return BooleanNode.valueOf(Values.isTrue(right.value(env, in)));
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return left.each(
          env,
          in,
          first ->
              Values.isTrue(first) == decider
                  ? emit(path, in, decider, out)
                  : right.each(env, in, second -> emit(path, in, Values.isTrue(second), out)));
    }

    private static boolean emit(@Nullable Path path, JsonNode in, boolean value, Sink out) {
      JsonNode node = BooleanNode.valueOf(value);
      return out.accept(Path.computed(path, in, node), node);
    }
  }
}
