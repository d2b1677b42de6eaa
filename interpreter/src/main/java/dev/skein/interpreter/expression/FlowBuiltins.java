package dev.skein.interpreter.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/// Functions that choose, repeat, count or end.
final class FlowBuiltins {
  private FlowBuiltins() {}

  static void register(Builtins to) {
    to.generator("empty", 0, (env, path, in, out, a) -> true);
    to.generator("error", 0, (env, path, in, out, a) -> raise(env, in));
    to.generator(
        "error", 1, (env, path, in, out, a) -> a.getFirst().each(env, in, v -> raise(env, v)));
    to.generator("halt", 0, (env, path, in, out, a) -> halt(env, NullNode.instance));
    to.generator("halt_error", 0, (env, path, in, out, a) -> halt(env, in));
    to.generator("halt_error", 1, (env, path, in, out, a) -> halt(env, in));
    to.generator("input", 0, (env, path, in, out, a) -> noInput());
    to.generator("inputs", 0, (env, path, in, out, a) -> true);
    for (String name : List.of("debug", "stderr")) {
      to.node(name, new AccessNodes.Identity());
      to.generator(name, 1, (env, path, in, out, a) -> out.accept(path, in));
    }
    to.generator("select", 1, FlowBuiltins::select);
    to.generator("range", 1, FlowBuiltins::rangeTo);
    to.generator("range", 2, FlowBuiltins::rangeFromTo);
    to.generator("range", 3, FlowBuiltins::rangeBy);
    to.generator("limit", 2, FlowBuiltins::limit);
    to.generator("skip", 2, FlowBuiltins::skip);
    to.generator("first", 1, (env, path, in, out, a) -> take(env, 1, path, in, out, a.getFirst()));
    to.generator("last", 1, FlowBuiltins::last);
    to.computation("isempty", 1, (env, in, a) -> isEmpty(env, in, a.getFirst()));
    to.computation("any", 2, (env, in, a) -> any(env, in, a.get(0), a.get(1), true));
    to.computation("all", 2, (env, in, a) -> any(env, in, a.get(0), a.get(1), false));
    Node each = new AccessNodes.Iterate(new AccessNodes.Identity());
    to.computation("any", 1, (env, in, a) -> any(env, in, each, a.getFirst(), true));
    to.computation("all", 1, (env, in, a) -> any(env, in, each, a.getFirst(), false));
    to.computation("now", 0, (env, in, a) -> DateBuiltins.seconds(env.scope.now()));
    Loops.register(to);
  }

  private static boolean raise(Env env, JsonNode value) {
    String message =
        value.isString() ? value.stringValue() : JsonText.beginning(value, 200) + " (not a string)";
    env.meter.step();
    throw ExpressionException.raised(value, message);
  }

  private static boolean halt(Env env, JsonNode value) {
    env.meter.step();
    String message = value.isString() ? value.stringValue() : JsonText.beginning(value, 200);
    throw ExpressionException.halted(value, "halted: " + message);
  }

  private static boolean noInput() {
    throw ExpressionException.evaluation("No more inputs");
  }

  private static boolean select(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    return a.getFirst().each(env, in, chosen -> !Values.isTrue(chosen) || out.accept(path, in));
  }

  private static boolean rangeTo(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    JsonNode zero = Numbers.of(0L);
    JsonNode one = Numbers.of(1L);
    return a.getFirst().each(env, in, to -> count(env, zero, to, one, path, in, out));
  }

  private static boolean rangeFromTo(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    JsonNode one = Numbers.of(1L);
    return a.get(0)
        .each(
            env,
            in,
            from -> a.get(1).each(env, in, to -> count(env, from, to, one, path, in, out)));
  }

  private static boolean rangeBy(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    return a.get(0)
        .each(
            env,
            in,
            from ->
                a.get(1)
                    .each(
                        env,
                        in,
                        to ->
                            a.get(2).each(env, in, by -> count(env, from, to, by, path, in, out))));
  }

  private static boolean count(
      Env env,
      JsonNode from,
      JsonNode to,
      JsonNode by,
      @Nullable Path path,
      JsonNode in,
      Node.Sink out) {
    if (!from.isNumber() || !to.isNumber() || !by.isNumber()) {
      throw ExpressionException.evaluation("Range bounds must be numeric");
    }
    double end = Numbers.toDouble(to);
    double step = Numbers.toDouble(by);
    double at = Numbers.toDouble(from);
    while (step > 0 ? at < end : step < 0 ? at > end : at < end) {
      env.meter.step();
      JsonNode value = Numbers.of(at);
      if (!out.accept(Path.computed(path, in, value), value)) {
        return false;
      }
      at += step;
    }
    return true;
  }

  /// A negative count is no limit.
  private static boolean limit(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    return a.get(0)
        .each(
            env,
            in,
            count -> {
              double most = number(count, "limit");
              if (most < 0) {
                return a.get(1).run(env, path, in, out);
              }
              return most == 0 || take(env, most, path, in, out, a.get(1));
            });
  }

  private static double number(JsonNode count, String function) {
    if (!count.isNumber()) {
      throw ExpressionException.evaluation(
          "Invalid arguments to " + function + ": " + Values.described(count));
    }
    return Numbers.toDouble(count);
  }

  /// How far a bounded run has come, and who ended it. Owned by one run.
  private static final class Progress {
    double count;
    boolean refused;
    @Nullable Path path;
    @Nullable JsonNode value;
  }

  private static boolean take(
      Env env, double most, @Nullable Path path, JsonNode in, Node.Sink out, Node source) {
    Progress progress = new Progress();
    source.run(
        env,
        path,
        in,
        (at, value) -> {
          progress.count++;
          progress.refused = !out.accept(at, value);
          return !progress.refused && progress.count < most;
        });
    return !progress.refused;
  }

  private static boolean skip(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    return a.get(0)
        .each(
            env,
            in,
            count -> {
              double least = number(count, "skip");
              Progress progress = new Progress();
              return a.get(1)
                  .run(
                      env,
                      path,
                      in,
                      (at, value) -> ++progress.count <= least || out.accept(at, value));
            });
  }

  /// Null if there is none.
  private static boolean last(
      Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> a) {
    Progress progress = new Progress();
    a.getFirst()
        .run(
            env,
            path,
            in,
            (at, value) -> {
              progress.path = at;
              progress.value = value;
              return true;
            });
    if (progress.value == null) {
      return out.accept(Path.computed(path, in, NullNode.instance), NullNode.instance);
    }
    return out.accept(progress.path, progress.value);
  }

  private static JsonNode isEmpty(Env env, JsonNode in, Node source) {
    return BooleanNode.valueOf(UpdateNodes.first(env, source, in) == null);
  }

  /// Whether an output of the condition decides: true for `any`, false for `all`.
  private static JsonNode any(Env env, JsonNode in, Node source, Node condition, boolean decider) {
    Progress progress = new Progress();
    source.each(
        env,
        in,
        value ->
            condition.each(
                env,
                value,
                answer -> {
                  progress.refused |= Values.isTrue(answer) == decider;
                  return !progress.refused;
                }));
    return BooleanNode.valueOf(progress.refused == decider);
  }
}
