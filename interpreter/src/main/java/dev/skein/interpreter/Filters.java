package dev.skein.interpreter;

import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.interpreter.expression.Scope;
import dev.skein.model.EventFilter;
import dev.skein.model.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns the filters of the language into those of the kernel: their expressions over the task's
/// input are evaluated now, those over the event go along as data for [EventConditions].
///
/// @param correlated what earlier events of this task gave, by the name of the correlation
record Filters(
    EventConditions conditions,
    Templates templates,
    JsonNode input,
    Scope scope,
    Map<String, JsonNode> correlated) {
  private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");

  /// One for each filter that wants an event.
  List<dev.skein.kernel.EventFilter> of(Subscription subscription) {
    var filters = new ArrayList<dev.skein.kernel.EventFilter>();
    for (int index : subscription.open()) {
      EventFilter filter = subscription.filter(index);
      filters.add(new dev.skein.kernel.EventFilter(type(filter), Json.payload(condition(filter))));
    }
    return filters;
  }

  /// The first filter that the event passes; -1 if none.
  int matching(Subscription subscription, JsonNode event) {
    for (int index : subscription.open()) {
      if (conditions.passes(condition(subscription.filter(index)), event)) {
        return index;
      }
    }
    return -1;
  }

  /// What the event gives to correlations that expect nothing yet.
  Map<String, JsonNode> correlations(Subscription subscription, int index, JsonNode event) {
    var found = new HashMap<String, JsonNode>();
    subscription
        .filter(index)
        .correlate()
        .forEach((name, correlation) -> {
          if (correlation.expect() == null && !correlated.containsKey(name)) {
            found.put(name, conditions.extracted(correlation.from(), event, scope));
          }
        });
    return found;
  }

  private static @Nullable String type(EventFilter filter) {
    JsonNode type = filter.with().path("type");
    return type.isString() && EventConditions.isPlain(type.asString()) ? type.asString() : null;
  }

  private JsonNode condition(EventFilter filter) {
    ObjectNode condition = Json.NODES.objectNode();
    condition.set("with", filter.with());
    condition.set("values", values(filter.with()));
    ArrayNode pairs = condition.putArray("correlate");
    var texts = new StringBuilder(Json.text(filter.with()));
    filter
        .correlate()
        .forEach((name, correlation) -> {
          ObjectNode pair = pairs.addObject().put("from", correlation.from());
          texts.append(correlation.from());
          JsonNode expect = expected(name, correlation);
          if (expect != null) {
            pair.set("expect", expect);
          }
        });
    condition.set("variables", variables(texts));
    JsonNode workflow = scope.variable("workflow");
    if (workflow != null && EventConditions.namesLifecycle(filter.with().path("type"))) {
      condition.put("own", CloudEvents.sourceOf(workflow.path("id").asString()));
    }
    return condition;
  }

  private @Nullable JsonNode expected(String name, EventFilter.Correlation correlation) {
    JsonNode expect = correlation.expect();
    return expect == null ? correlated.get(name) : templates.evaluate(expect, input, scope);
  }

  /// The expressions of the attributes, over the task's input; those that have no value there are
  /// meant for the event.
  private JsonNode values(JsonNode with) {
    ObjectNode values = Json.NODES.objectNode();
    for (Map.Entry<String, JsonNode> attribute : with.properties()) {
      JsonNode written = attribute.getValue();
      if (written.isObject()) {
        values.set(attribute.getKey(), values(written));
      } else if (written.isString()
          && !(Template.of(written.asString()) instanceof Template.Literal)) {
        values.set(attribute.getKey(), value(written));
      }
    }
    return values;
  }

  private JsonNode value(JsonNode expression) {
    try {
      return templates.evaluate(expression, input, scope);
    } catch (ExpressionException e) {
      return Json.NODES.nullNode();
    }
  }

  private JsonNode variables(CharSequence expressions) {
    ObjectNode variables = Json.NODES.objectNode();
    Matcher names = VARIABLE.matcher(expressions);
    while (names.find()) {
      boolean secret = names.group(1).equals("secrets"); // a listener is written down
      JsonNode value = secret ? null : scope.variable(names.group(1));
      if (value != null) {
        variables.set(names.group(1), value);
      }
    }
    return variables;
  }
}
