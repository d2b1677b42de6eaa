package dev.skein.model;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads single values as what they must be, and reports those that are something else. An absent
/// value is null in, null out: absence is reported by {@link Fields}.
final class Values {
  private final Reports reports;
  private final Expressions expressions;

  Values(Reports reports, Expressions expressions) {
    this.reports = reports;
    this.expressions = expressions;
  }

  Reports reports() {
    return reports;
  }

  @Nullable Fields fields(@Nullable At at) {
    return fields(at, "an object");
  }

  /// @param expected what is reported if it is no object
  @Nullable Fields fields(@Nullable At at, String expected) {
    if (at == null) {
      return null;
    }
    if (at.yaml() instanceof Yaml.Mapping mapping) {
      return new Fields(reports, at, mapping);
    }
    mistyped(at, expected);
    return null;
  }

  List<Yaml> items(@Nullable At at) {
    if (at == null) {
      return List.of();
    }
    if (at.yaml() instanceof Yaml.Sequence(_, _, List<Yaml> items)) {
      return items;
    }
    mistyped(at, "a list");
    return List.of();
  }

  /// The entries of an object with names of the author's choice.
  Map<String, Yaml.Entry> entries(@Nullable At at) {
    if (at == null) {
      return Map.of();
    }
    if (at.yaml() instanceof Yaml.Mapping(_, _, Map<String, Yaml.Entry> entries)) {
      return entries;
    }
    mistyped(at, "an object");
    return Map.of();
  }

  @Nullable JsonNode object(@Nullable At at) {
    return fields(at) == null || at == null ? null : at.yaml().json();
  }

  @Nullable String string(@Nullable At at) {
    if (at == null) {
      return null;
    }
    JsonNode json = at.yaml().json();
    if (json.isString()) {
      return json.stringValue();
    }
    boolean scalar = at.yaml() instanceof Yaml.Scalar && !json.isNull();
    reports.add(Code.TYPE, at, mustBe(at, "a string"), scalar ? "quote it" : null);
    return null;
  }

  String string(@Nullable At at, String otherwise) {
    String string = string(at);
    return string == null ? otherwise : string;
  }

  /// The name of a variable. One that expressions cannot write with a `$` is no use.
  String variable(@Nullable At at, String otherwise) {
    String name = string(at, otherwise);
    boolean wellFormed =
        !name.isEmpty()
            && !(name.charAt(0) >= '0' && name.charAt(0) <= '9')
            && name.chars().allMatch(Expressions::isNamePart);
    if (at != null && !wellFormed) {
      String message = "no expression can name the variable '" + name + "'";
      reports.warn(Code.VARIABLE, at, message, "take letters, digits and '_'");
    }
    return name;
  }

  boolean bool(@Nullable At at, boolean otherwise) {
    if (at == null) {
      return otherwise;
    }
    JsonNode json = at.yaml().json();
    if (!json.isBoolean()) {
      mistyped(at, "true or false");
    }
    return json.isBoolean() ? json.booleanValue() : otherwise;
  }

  /// @param code the rule that bounds it
  @Nullable Integer integer(@Nullable At at, int min, int max, Code code) {
    BigInteger whole = whole(at);
    if (at == null || whole == null) {
      return null;
    }
    if (whole.bitLength() >= Integer.SIZE || whole.intValue() < min || whole.intValue() > max) {
      String range = max == Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
      reports.add(code, at, "'" + name(at) + "' must be " + range, null);
      return null;
    }
    return whole.intValue();
  }

  @Nullable BigInteger whole(@Nullable At at) {
    if (at == null) {
      return null;
    }
    JsonNode json = at.yaml().json();
    if (!json.isNumber() || !json.canConvertToExactIntegral()) {
      mistyped(at, "a whole number");
      return null;
    }
    return json.bigIntegerValue();
  }

  double number(@Nullable At at, double min, double otherwise) {
    if (at == null) {
      return otherwise;
    }
    JsonNode json = at.yaml().json();
    if (!json.isNumber()) {
      mistyped(at, "a number");
      return otherwise;
    }
    if (json.doubleValue() < min) {
      reports.add(Code.RANGE, at, "'" + name(at) + "' must be at least " + json(min), null);
      return otherwise;
    }
    return json.doubleValue();
  }

  static String json(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /// A URI, a reference to one, or a template of one.
  @Nullable JsonNode uri(@Nullable At at) {
    return formatted(at, Formats::isUri, "a URI");
  }

  @Nullable JsonNode uriTemplate(@Nullable At at) {
    return formatted(at, Formats::isTemplate, "a URI or a template of one");
  }

  /// A URI, or wholly an expression.
  @Nullable JsonNode uriOrExpression(@Nullable At at) {
    return formatted(
        at, text -> Formats.isUri(text) || Formats.isExpression(text), "a URI or an expression");
  }

  @Nullable JsonNode timeOrExpression(@Nullable At at) {
    return formatted(
        at,
        text -> Formats.isTime(text) || Formats.isExpression(text),
        "a time such as 2026-01-31T12:00:00Z or an expression");
  }

  @Nullable JsonNode pointerOrExpression(@Nullable At at) {
    return formatted(
        at,
        text -> Formats.isPointer(text) || Formats.isExpression(text),
        "a JSON pointer or an expression");
  }

  /// A string that is wholly an expression, in its braces.
  @Nullable JsonNode wholly(@Nullable At at) {
    return formatted(at, Formats::isExpression, "an expression '${ … }'");
  }

  private @Nullable JsonNode formatted(@Nullable At at, Predicate<String> format, String expected) {
    JsonNode text = templateString(at);
    if (at != null && text != null && !format.test(text.stringValue())) {
      boolean mixed = text.stringValue().contains("${");
      reports.add(
          Code.FORMAT,
          at,
          "'" + name(at) + "' must be " + expected,
          mixed ? "an expression stands alone and on one line: ${ \"text \\(.x)\" }" : null);
    }
    return text;
  }

  /// A string that must be one of a few.
  String oneOf(@Nullable At at, List<String> allowed, String otherwise) {
    String value = string(at);
    if (at == null || value == null) {
      return otherwise;
    }
    if (!allowed.contains(value)) {
      String message =
          "'" + name(at) + "' must be one of " + String.join(", ", allowed) + ", not '" + value;
      reports.add(Code.VALUE, at, message + "'", Suggestions.hint(value, allowed));
      return otherwise;
    }
    return value;
  }

  /// A string that is an expression, with or without `${ }`.
  @Nullable String expression(@Nullable At at) {
    String text = string(at);
    if (at != null && text != null) {
      expressions.expression(at, text);
    }
    return text;
  }

  /// A string that may hold expressions.
  @Nullable JsonNode templateString(@Nullable At at) {
    String text = string(at);
    if (at == null || text == null) {
      return null;
    }
    expressions.template(at, text);
    return at.yaml().json();
  }

  /// Any value, its strings being templates.
  @Nullable JsonNode template(@Nullable At at) {
    if (at == null) {
      return null;
    }
    expressions.templates(at);
    return at.yaml().json();
  }

  /// An expression in a string, with or without `${ }`, or an object of templates.
  @Nullable JsonNode expressionOrObject(@Nullable At at) {
    if (at == null) {
      return null;
    }
    if (at.yaml().json().isString()) {
      expression(at);
    } else if (at.yaml() instanceof Yaml.Mapping) {
      expressions.templates(at);
    } else {
      mistyped(at, "a string or an object");
    }
    return at.yaml().json();
  }

  /// An object of anything, its strings being templates.
  @Nullable JsonNode objectTemplate(@Nullable At at) {
    JsonNode object = object(at);
    var _ = object == null ? null : template(at);
    return object;
  }

  /// A list of string templates.
  @Nullable JsonNode strings(@Nullable At at) {
    List<Yaml> items = items(at);
    for (int i = 0; at != null && i < items.size(); i++) {
      var _ = templateString(at.item(i, items.get(i)));
    }
    return at == null ? null : at.yaml().json();
  }

  /// An object of string templates.
  @Nullable JsonNode stringMap(@Nullable At at) {
    if (at == null) {
      return null;
    }
    entries(at).forEach((name, entry) -> templateString(at.child(name, entry.value())));
    return at.yaml().json();
  }

  /// An object of string templates, or wholly an expression.
  @Nullable JsonNode stringMapOrExpression(@Nullable At at) {
    if (at == null || !at.yaml().json().isString()) {
      return stringMap(at);
    }
    if (!Formats.isExpression(at.yaml().json().stringValue())) {
      reports.add(Code.FORMAT, at, mustBe(at, "an object or an expression '${ … }'"), null);
      return null;
    }
    return templateString(at);
  }

  /// A duration: ISO 8601, an object, or a string that is wholly an expression.
  @Nullable JsonNode duration(@Nullable At at) {
    if (at == null) {
      return null;
    }
    JsonNode json = at.yaml().json();
    if (json.isString() && Formats.isExpression(json.stringValue())) {
      return templateString(at);
    }
    Code broken = brokenDuration(json);
    String mistake = Durations.mistake(json);
    if (broken != null || mistake != null) {
      reports.add(
          broken == null ? Code.DURATION : broken,
          at,
          "invalid duration" + (mistake == null ? "" : ": " + mistake),
          "write for example PT1M30S, or {minutes: 1, seconds: 30}");
    }
    return json;
  }

  /// What the schema has against a duration.
  private static @Nullable Code brokenDuration(JsonNode json) {
    if (json.isString()) {
      return Formats.isDuration(json.stringValue()) ? null : Code.FORMAT;
    }
    if (!json.isObject() || json.isEmpty()) {
      return json.isObject() ? Code.SHAPE : Code.TYPE;
    }
    for (Map.Entry<String, JsonNode> part : json.properties()) {
      if (!Durations.UNITS.contains(part.getKey())) {
        return Code.UNKNOWN_PROPERTY;
      }
      if (!part.getValue().isNumber() || !part.getValue().canConvertToExactIntegral()) {
        return Code.TYPE;
      }
    }
    return null;
  }

  void mistyped(At at, String expected) {
    reports.add(Code.TYPE, at, mustBe(at, expected), null);
  }

  private static String mustBe(At at, String expected) {
    String subject = at.path().isEmpty() ? "the document" : "'" + name(at) + "'";
    return subject + " must be " + expected + ", not " + at.yaml().kind();
  }

  /// The last name of the path; an item of a list is called by the list and its index.
  static String name(At at) {
    String path = at.path();
    int last = path.lastIndexOf('/');
    String name = path.substring(last + 1);
    boolean index = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (index && last > 0) {
      name = path.substring(path.lastIndexOf('/', last - 1) + 1, last) + "[" + name + "]";
    }
    return name.replace("~1", "/").replace("~0", "~");
  }
}
