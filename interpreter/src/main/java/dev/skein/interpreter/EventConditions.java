package dev.skein.interpreter;

import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.interpreter.expression.Expressions;
import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.Template;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides whether a CloudEvent is one that a run listens for. The condition is data, made when the
/// run began to listen, so that it can be asked while the run is not in memory:
///
/// - `with`: the attributes as written. A string that is wholly an expression is evaluated against
///   the event's attribute: a boolean decides; anything else counts for nothing, and the attribute
///   must equal the value under `values`, which the expression had against the task's input. Other
///   strings are regular expressions, unless they have none of their signs but the dot. Objects ask
///   for their members only.
/// - `correlate`: pairs of an expression over the event, and the value it must give; without a
///   value, any but null.
/// - `variables`: what the expressions may name.
/// - `own`: the source of the events about the run itself.
///
/// Thread-safe.
public final class EventConditions {
  private static final Pattern PLAIN = Pattern.compile("[^\\\\^$|?*+()\\[\\]{}]*");

  private final Templates templates;

  public EventConditions(Expressions expressions) {
    this.templates = new Templates(expressions);
  }

  /// Whether a string is compared as it is.
  public static boolean isPlain(String text) {
    return Template.of(text) instanceof Template.Literal && PLAIN.matcher(text).matches();
  }

  public boolean passes(Payload condition, Payload event) {
    return passes(Json.json(condition), Json.json(event));
  }

  /// An expression that fails on an event is one that the event does not meet.
  boolean passes(JsonNode condition, JsonNode event) {
    Scope scope = scope(condition.path("variables"));
    if (isLifecycle(event) && !hears(condition, event)) {
      return false;
    }
    try {
      for (Map.Entry<String, JsonNode> wanted : condition.path("with").properties()) {
        JsonNode found = event.path(wanted.getKey());
        JsonNode value = condition.path("values").path(wanted.getKey());
        if (!meets(wanted.getValue(), value, found, scope)) {
          return false;
        }
      }
      for (JsonNode pair : condition.path("correlate")) {
        JsonNode found = extracted(pair.path("from").asString(), event, scope);
        JsonNode expected = pair.get("expect");
        if (expected == null ? found.isNull() : !same(expected, found)) {
          return false;
        }
      }
      return true;
    } catch (ExpressionException e) {
      return false;
    }
  }

  /// Only who names the type of such an event hears it, and nobody what happens to itself.
  private static boolean hears(JsonNode condition, JsonNode event) {
    return namesLifecycle(condition.path("with").path("type"))
        && !event.path("source").equals(condition.get("own"));
  }

  static boolean isLifecycle(JsonNode event) {
    return event.path("type").asString("").startsWith(CloudEvents.LIFECYCLE);
  }

  /// Whether a filter's type, literal, pattern or expression, can be one of events about runs.
  public static boolean namesLifecycle(JsonNode type) {
    return type.asString("").replace("\\", "").startsWith(CloudEvents.LIFECYCLE);
  }

  /// What correlates the event: the expression's value over the event or, if that is null, over its
  /// data.
  JsonNode extracted(String from, JsonNode event, Scope scope) {
    JsonNode ofEvent = templates.expression(from, event, scope);
    return ofEvent.isNull() ? templates.expression(from, CloudEvents.data(event), scope) : ofEvent;
  }

  private boolean meets(JsonNode wanted, JsonNode value, JsonNode found, Scope scope) {
    return switch (wanted) {
      case ObjectNode members -> {
        for (Map.Entry<String, JsonNode> member : members.properties()) {
          JsonNode inside = found.path(member.getKey());
          if (!meets(member.getValue(), value.path(member.getKey()), inside, scope)) {
            yield false;
          }
        }
        yield found.isObject();
      }
      case ArrayNode items -> same(items, found);
      default ->
          wanted.isString()
              ? meetsText(wanted.asString(), value, found, scope)
              : same(wanted, found);
    };
  }

  private boolean meetsText(String wanted, JsonNode value, JsonNode found, Scope scope) {
    if (!(Template.of(wanted) instanceof Template.Literal)) {
      JsonNode here = found.isMissingNode() ? Json.NODES.nullNode() : found;
      JsonNode decision = decision(wanted, here, scope);
      return decision.isBoolean() ? decision.asBoolean() : same(value, found);
    }
    if (!found.isString()) {
      return false;
    }
    return wanted.equals(found.asString()) || (!isPlain(wanted) && matches(wanted, found, scope));
  }

  private JsonNode decision(String expression, JsonNode found, Scope scope) {
    try {
      return templates.evaluate(Json.NODES.stringNode(expression), found, scope);
    } catch (ExpressionException e) {
      return Json.NODES.nullNode(); // made for the task's input, not for the attribute
    }
  }

  /// Within the limits of expressions, because regular expressions can run away.
  private boolean matches(String regex, JsonNode found, Scope scope) {
    String test = "test(" + Json.text(Json.NODES.stringNode("^(?:" + regex + ")$")) + ")";
    return templates.expression(test, found, scope).asBoolean(false);
  }

  /// Equal, with numbers compared by value.
  private static boolean same(JsonNode one, JsonNode other) {
    return one.equals(
        (a, b) ->
            a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.equals(b) ? 0 : 1,
        other);
  }

  static Scope scope(JsonNode variables) {
    return new Scope() {
      @Override
      public @Nullable JsonNode variable(String name) {
        return variables.get(name);
      }

      @Override
      public Instant now() {
        return Instant.EPOCH;
      }
    };
  }
}
