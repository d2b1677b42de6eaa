package dev.skein.interpreter;

import dev.skein.interpreter.expression.Expression;
import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.interpreter.expression.Expressions;
import dev.skein.interpreter.expression.Scope;
import dev.skein.model.Template;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Evaluates data of a workflow in which strings may be expressions. Every string is looked at once
/// and every expression compiled once. Only what the workflow's author wrote is evaluated, never
/// what arrives as data. Thread-safe.
final class Templates {
  private final Expressions expressions;
  private final boolean loose;
  private final Map<String, Template> templates = new ConcurrentHashMap<>();
  private final Map<String, Expression> compiled = new ConcurrentHashMap<>();

  Templates(Expressions expressions) {
    this(expressions, false);
  }

  /// @param loose whether every string is tried as an expression
  Templates(Expressions expressions, boolean loose) {
    this.expressions = expressions;
    this.loose = loose;
  }

  /// The value of an expression, with or without `${ }` around it.
  JsonNode expression(String source, JsonNode input, Scope scope) {
    Template template = template(source);
    String inner = template instanceof Template.Whole(String whole) ? whole : source;
    return compile(inner).evaluate(input, scope);
  }

  boolean holds(String source, JsonNode input, Scope scope) {
    JsonNode value = expression(source, input, scope);
    return !value.isNull() && !(value.isBoolean() && !value.asBoolean());
  }

  /// The data with its expressions replaced by their values.
  JsonNode evaluate(JsonNode data, JsonNode input, Scope scope) {
    return switch (data) {
      case ObjectNode object -> {
        ObjectNode result = Json.NODES.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          result.set(field.getKey(), evaluate(field.getValue(), input, scope));
        }
        yield result;
      }
      case ArrayNode array -> {
        ArrayNode result = Json.NODES.arrayNode(array.size());
        for (JsonNode item : array) {
          result.add(evaluate(item, input, scope));
        }
        yield result;
      }
      default -> data.isString() ? string(data, input, scope) : data;
    };
  }

  private JsonNode string(JsonNode data, JsonNode input, Scope scope) {
    return switch (template(data.asString())) {
      case Template.Literal(String text) -> loose ? tried(text, data, input, scope) : data;
      case Template.Whole(String expression) -> compile(expression).evaluate(input, scope);
      case Template.Interpolated interpolated -> {
        var text = new StringBuilder();
        for (Template.Part part : interpolated.parts()) {
          text.append(
              switch (part) {
                case Template.Part.Text(String plain) -> plain;
                case Template.Part.Expression(String expression) ->
                    rendered(compile(expression).evaluate(input, scope));
              });
        }
        yield Json.NODES.stringNode(text.toString());
      }
    };
  }

  /// The value of a text that may be an expression; the text itself if it is none.
  private JsonNode tried(String text, JsonNode data, JsonNode input, Scope scope) {
    try {
      return compile(text).evaluate(input, scope);
    } catch (ExpressionException e) {
      return data;
    }
  }

  /// The text with its expressions replaced by their values, but for those that are none of ours:
  /// `${HOME}` is the shell's own.
  String lenient(String text, JsonNode input, Scope scope) {
    return switch (template(text)) {
      case Template.Literal(String plain) -> plain;
      case Template.Whole(String expression) -> lenientPart(expression, input, scope);
      case Template.Interpolated interpolated -> {
        var result = new StringBuilder();
        for (Template.Part part : interpolated.parts()) {
          result.append(
              switch (part) {
                case Template.Part.Text(String plain) -> plain;
                case Template.Part.Expression(String expression) ->
                    lenientPart(expression, input, scope);
              });
        }
        yield result.toString();
      }
    };
  }

  private String lenientPart(String expression, JsonNode input, Scope scope) {
    Expression compiled;
    try {
      compiled = compile(expression);
    } catch (ExpressionException e) {
      return "${" + expression + "}";
    }
    return rendered(compiled.evaluate(input, scope));
  }

  private static String rendered(JsonNode value) {
    return value.isString() ? value.asString() : Json.text(value);
  }

  private Template template(String source) {
    return templates.computeIfAbsent(source, Template::of);
  }

  private Expression compile(String source) {
    return compiled.computeIfAbsent(source, expressions::compile);
  }

  /// The data, or `otherwise` where the workflow gives none. A plain string is an expression here
  /// even without `${ }`.
  JsonNode transformed(@Nullable JsonNode data, JsonNode otherwise, Scope scope) {
    if (data == null) {
      return otherwise;
    }
    return data.isString()
        ? expression(data.asString(), otherwise, scope)
        : evaluate(data, otherwise, scope);
  }
}
