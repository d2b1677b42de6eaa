package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Context;
import dev.skein.model.EventStrategy;
import dev.skein.model.Foreach;
import dev.skein.model.ListenTask;
import dev.skein.model.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Waits for events and consumes them, one after the other, until the strategy of the task is met.
final class Listens {
  private final TaskRunner tasks;
  private final EventConditions conditions;

  Listens(TaskRunner tasks, EventConditions conditions) {
    this.tasks = tasks;
    this.conditions = conditions;
  }

  /// The events consumed, in order, as the task reads them.
  JsonNode run(ListenTask task, JsonNode input, Env env, Scope scope) {
    Context inside = env.kernel().scope(env.name(task.reference()));
    Listening listening = new Listening(task, input, env.in(inside, task.reference()), scope);
    Spine spine = env.shared().spine;
    if (spine == null) {
      return listening.run(() -> {});
    }
    Spine.Frame frame = spine.enter();
    try {
      JsonNode saved = frame.saved();
      if (saved != null) {
        listening.restore(saved);
      }
      return listening.run(() -> {
        JsonNode context = env.shared().context;
        frame.at(state -> listening.write(state, context));
        spine.offer(inside);
      });
    } finally {
      spine.leave();
    }
  }

  /// One `listen` under way. Owned by the thread that runs it.
  private final class Listening {
    private final ListenTask task;
    private final JsonNode input;
    private final Env env;
    private final Scope scope;
    private final Subscription wanted;
    private final @Nullable Subscription stopping;
    private final Map<String, JsonNode> correlated = new HashMap<>();
    private ArrayNode consumed = Json.NODES.arrayNode();

    Listening(ListenTask task, JsonNode input, Env env, Scope scope) {
      this.task = task;
      this.input = input;
      this.env = env;
      this.scope = scope;
      this.wanted = Subscription.of(task.to());
      this.stopping =
          task.to() instanceof EventStrategy.Any(_, EventStrategy.Until.Consumed(var events))
              ? Subscription.of(events)
              : null;
    }

    JsonNode run(Runnable before) {
      while (!isOver()) {
        before.run();
        var filters = new Filters(conditions, tasks.templates(), input, scope, correlated);
        var kernel = new ArrayList<dev.skein.kernel.EventFilter>();
        Subscription stop = stopping;
        if (stop != null) {
          kernel.addAll(filters.of(stop));
        }
        kernel.addAll(filters.of(wanted));
        JsonNode event = Json.json(env.kernel().await("event", kernel));
        int stops = stop == null ? -1 : filters.matching(stop, event);
        if (stop != null && stops >= 0) {
          stop.took(stops);
          correlated.putAll(filters.correlations(stop, stops, event));
        } else {
          int which = filters.matching(wanted, event);
          correlated.putAll(filters.correlations(wanted, which, event));
          wanted.took(which);
          consume(event);
        }
      }
      return consumed;
    }

    private boolean isOver() {
      if (stopping != null) {
        return stopping.isMet();
      }
      if (task.to() instanceof EventStrategy.Any(_, EventStrategy.Until.Holds(var condition))) {
        return !consumed.isEmpty() && tasks.templates().holds(condition, consumed, scope);
      }
      return wanted.isMet();
    }

    private void consume(JsonNode event) {
      JsonNode item = CloudEvents.read(event, task.read());
      Foreach foreach = task.foreach();
      JsonNode output = foreach == null ? item : done(foreach, item);
      ArrayNode more = Json.NODES.arrayNode(consumed.size() + 1);
      more.addAll(consumed);
      more.add(output);
      consumed = more;
    }

    private JsonNode done(Foreach foreach, JsonNode item) {
      int index = consumed.size();
      Env at =
          env.in(env.kernel().iteration(index), task.reference())
              .iteration(index)
              .with(foreach.item(), item)
              .with(foreach.at(), Json.NODES.numberNode(index));
      List<Task> list = foreach.tasks();
      JsonNode raw = list.isEmpty() ? item : tasks.flow().run(list, item, at);
      return tasks.transformed(
          raw,
          foreach.data(),
          new TaskRunner.Export(foreach.exportAs(), foreach.exportSchema(), task.name()),
          at);
    }

    void write(ObjectNode state, JsonNode context) {
      state.set("consumed", consumed);
      state.set("context", context);
      ObjectNode values = state.putObject("correlated");
      correlated.forEach(values::set);
      wanted.write(state.putArray("wanted"));
      if (stopping != null) {
        stopping.write(state.putArray("stopping"));
      }
    }

    void restore(JsonNode state) {
      env.shared().context = state.path("context");
      consumed = (ArrayNode) state.path("consumed");
      state.path("correlated").properties().forEach(c -> correlated.put(c.getKey(), c.getValue()));
      wanted.restore(state.path("wanted"));
      if (stopping != null) {
        stopping.restore(state.path("stopping"));
      }
    }
  }
}
