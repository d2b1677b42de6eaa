package dev.skein.interpreter;

import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.interpreter.expression.Expressions;
import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.Definition;
import dev.skein.model.Document;
import dev.skein.model.EventStrategy;
import dev.skein.model.Schedule;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The events that together start a run of a scheduled workflow, offered one after the other. They
/// are chosen as a `listen` chooses, but nothing is known beside the events themselves: expressions
/// see no input and no variables, and one that fails on an event passes it by. Not thread-safe.
public final class Gathering {
  private static final JsonNode NOTHING = Json.NODES.nullNode();

  private final EventConditions conditions;
  private final Templates templates;
  private final EventStrategy strategy;
  private final String read;
  private final Subscription wanted;
  private final @Nullable Subscription stopping;
  private final Document document;
  private final Scope scope = EventConditions.scope(Json.NODES.objectNode());
  private final Map<String, JsonNode> correlated = new HashMap<>();
  private final ArrayNode consumed = Json.NODES.arrayNode();
  private boolean complete;

  private Gathering(EventStrategy strategy, Definition definition, Expressions expressions) {
    this.strategy = strategy;
    this.read = Objects.requireNonNull(definition.schedule()).read();
    this.document = definition.document();
    this.templates = new Templates(expressions, definition.loose());
    this.conditions = new EventConditions(expressions);
    this.wanted = Subscription.of(strategy);
    this.stopping =
        strategy instanceof EventStrategy.Any(_, EventStrategy.Until.Consumed(var events))
            ? Subscription.of(events)
            : null;
  }

  /// For the next run of the workflow; null if no events start it.
  public static @Nullable Gathering of(Definition definition, Expressions expressions) {
    Schedule schedule = definition.schedule();
    EventStrategy on = schedule == null ? null : schedule.on();
    return on == null ? null : new Gathering(on, definition, expressions);
  }

  /// Whether the event is one of those that are wanted; it counts then.
  public boolean offer(Payload event) {
    return offer(Json.json(event));
  }

  private boolean offer(JsonNode event) {
    if (EventConditions.isLifecycle(event) && isOwn(event.path("data").path("definition"))) {
      return false; // a run that it started would start the next
    }
    try {
      var filters = new Filters(conditions, templates, NOTHING, scope, correlated);
      Subscription stop = stopping;
      if (stop != null && took(stop, filters, event)) {
        complete = stop.isMet();
        return true;
      }
      if (!took(wanted, filters, event)) {
        return false;
      }
    } catch (ExpressionException e) {
      return false;
    }
    consumed.add(CloudEvents.read(event, read));
    complete = stopping == null && isEnough();
    return true;
  }

  private boolean isOwn(JsonNode workflow) {
    return workflow.path("namespace").asString("").equals(document.namespace())
        && workflow.path("name").asString("").equals(document.name());
  }

  private boolean took(Subscription subscription, Filters filters, JsonNode event) {
    int which = filters.matching(subscription, event);
    if (which < 0) {
      return false;
    }
    correlated.putAll(filters.correlations(subscription, which, event));
    subscription.took(which);
    return true;
  }

  private boolean isEnough() {
    if (strategy instanceof EventStrategy.Any(_, EventStrategy.Until.Holds(var condition))) {
      try {
        return templates.holds(condition, consumed, scope);
      } catch (ExpressionException e) {
        return false;
      }
    }
    return wanted.isMet();
  }

  /// Whether the run can start.
  public boolean isComplete() {
    return complete;
  }

  /// Whether the run's input would be.
  public boolean isEmpty() {
    return consumed.isEmpty();
  }

  /// The run's input: what has been gathered, in order.
  public Payload input() {
    return Json.payload(consumed);
  }
}
