package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Branch;
import dev.skein.kernel.Context;
import dev.skein.kernel.Fault;
import dev.skein.model.ForTask;
import dev.skein.model.Parallel;
import dev.skein.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Runs the tasks of a loop for each item, one after the other or several at a time.
final class Loops {
  private final TaskRunner tasks;

  Loops(TaskRunner tasks) {
    this.tasks = tasks;
  }

  JsonNode run(ForTask loop, JsonNode input, Env env, Scope scope) {
    JsonNode items = items(loop, input, scope);
    Context inside = env.kernel().scope(env.name(loop.reference()));
    Parallel parallel = loop.parallel();
    if (parallel != null) {
      return sideBySide(loop, parallel, items, input, env.in(inside, loop.reference()));
    }
    TopLevel top = tasks.topLevel();
    Env within = env.in(inside, loop.reference());
    if (!env.kernel().path().isEmpty() || !top.holds(loop)) {
      return inTurn(loop, new Turn(items, 0, input), within, (_, _) -> {});
    }
    Turn turn = top.turn(items, input, env);
    return inTurn(loop, turn, within, (index, data) -> top.beforeIteration(loop, index, data, env));
  }

  JsonNode items(ForTask loop, JsonNode input, Scope scope) {
    JsonNode items =
        loop.in().isString()
            ? tasks.templates().expression(loop.in().asString(), input, scope)
            : tasks.templates().evaluate(loop.in(), input, scope);
    if (items.isNull()) {
      return Json.NODES.arrayNode();
    }
    if (!items.isArray()) {
      throw Problems.fault(
          Problem.Kind.EXPRESSION.problem(
              "'in' of the loop '" + loop.name() + "' must give an array, not " + kind(items)));
    }
    return items;
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }

  /// Told before each iteration.
  @FunctionalInterface
  interface Before {
    void iteration(int index, JsonNode data);
  }

  /// Where a loop stands.
  record Turn(JsonNode items, int index, JsonNode data) {}

  /// @param env the loop's own scope
  JsonNode inTurn(ForTask loop, Turn from, Env env, Before before) {
    JsonNode data = from.data();
    for (int i = from.index(); i < from.items().size(); i++) {
      before.iteration(i, data);
      Env at = iteration(loop, from.items().get(i), i, env, env.kernel().iteration(i));
      if (!goesOn(loop, data, at)) {
        return data;
      }
      data = tasks.flow().run(loop.tasks(), data, at);
    }
    return data;
  }

  private boolean goesOn(ForTask loop, JsonNode data, Env at) {
    String condition = loop.whileCondition();
    return condition == null
        || tasks.templates().holds(condition, data, at.scope(Map.of("input", data)));
  }

  private static Env iteration(ForTask loop, JsonNode item, int index, Env env, Context scope) {
    return env.in(scope, loop.reference())
        .iteration(index)
        .with(loop.each(), item)
        .with(loop.at(), Json.NODES.numberNode(index));
  }

  private record Done(@Nullable JsonNode output, @Nullable Fault fault) {}

  private JsonNode sideBySide(
      ForTask loop, Parallel parallel, JsonNode items, JsonNode input, Env env) {
    JsonNode context = env.shared().context;
    var branches = new ArrayList<Branch<Done>>();
    for (int i = 0; i < items.size(); i++) {
      int index = i;
      branches.add(
          new Branch<>(
              Integer.toString(i),
              scope -> {
                Env at = iteration(loop, items.get(index), index, env, scope).sharing(context);
                return once(loop, parallel, input, at);
              }));
    }
    List<Done> all = env.kernel().fork("items", parallel.max(), branches);
    ArrayNode outputs = Json.NODES.arrayNode();
    for (Done done : all) {
      if (done.fault != null) {
        throw done.fault;
      }
      outputs.add(done.output);
    }
    return outputs;
  }

  private Done once(ForTask loop, Parallel parallel, JsonNode input, Env at) {
    try {
      return goesOn(loop, input, at)
          ? new Done(tasks.flow().run(loop.tasks(), input, at), null)
          : new Done(Json.NODES.nullNode(), null);
    } catch (Fault fault) {
      if (parallel.failFast()) {
        throw fault;
      }
      return new Done(null, fault);
    }
  }
}
