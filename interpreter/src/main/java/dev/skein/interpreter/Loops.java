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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

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
    return inTurn(loop, items, input, env.in(inside, loop.reference()));
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

  /// @param env the loop's own scope
  private JsonNode inTurn(ForTask loop, JsonNode items, JsonNode input, Env env) {
    Spine spine = env.shared().spine;
    if (spine == null) {
      return inTurn(loop, items, new Turn(0, input), env, _ -> {});
    }
    Spine.Frame frame = spine.enter();
    try {
      JsonNode saved = frame.saved();
      Turn from = saved == null ? new Turn(0, input) : Turn.read(saved, env);
      return inTurn(
          loop,
          items,
          from,
          env,
          turn -> {
            JsonNode context = env.shared().context;
            frame.at(state -> turn.write(state, context));
            spine.offer(env.kernel());
          });
    } finally {
      spine.leave();
    }
  }

  /// Where a loop stands.
  private record Turn(int index, JsonNode data) {
    void write(ObjectNode state, JsonNode context) {
      state.put("index", index);
      state.set("data", data);
      state.set("context", context);
    }

    static Turn read(JsonNode state, Env env) {
      env.shared().context = state.path("context");
      return new Turn(state.path("index").asInt(), state.path("data"));
    }
  }

  private JsonNode inTurn(ForTask loop, JsonNode items, Turn from, Env env, Consumer<Turn> before) {
    JsonNode data = from.data();
    for (int i = from.index(); i < items.size(); i++) {
      before.accept(new Turn(i, data));
      Env at = iteration(loop, items.get(i), i, env, env.kernel().iteration(i));
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

  private record Done(@Nullable JsonNode output, JsonNode context, @Nullable Fault fault) {}

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
      env.shared().context = Forks.merged(context, env.shared().context, done.context);
    }
    return outputs;
  }

  private Done once(ForTask loop, Parallel parallel, JsonNode input, Env at) {
    try {
      JsonNode output =
          goesOn(loop, input, at)
              ? tasks.flow().run(loop.tasks(), input, at)
              : Json.NODES.nullNode();
      return new Done(output, at.shared().context, null);
    } catch (Fault fault) {
      if (parallel.failFast()) {
        throw fault;
      }
      return new Done(null, at.shared().context, fault);
    }
  }
}
