package dev.skein.model;

import java.util.List;
import java.util.Map;
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
    reports.add(at, mustBe(at, "a string"), scalar ? "quote it" : null);
    return null;
  }

  String string(@Nullable At at, String otherwise) {
    String string = string(at);
    return string == null ? otherwise : string;
  }

  /// The name of a variable that expressions write with a `$`.
  String variable(@Nullable At at, String otherwise) {
    String name = string(at, otherwise);
    boolean wellFormed =
        !name.isEmpty()
            && !(name.charAt(0) >= '0' && name.charAt(0) <= '9')
            && name.chars().allMatch(Expressions::isNamePart);
    if (at != null && !wellFormed) {
      String rule = "' must be letters, digits and '_', as it names a variable, not '";
      reports.add(at, "'" + name(at) + rule + name + "'", null);
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

  @Nullable Integer integer(@Nullable At at, int min, int max) {
    if (at == null) {
      return null;
    }
    JsonNode json = at.yaml().json();
    if (!json.isNumber() || !json.canConvertToExactIntegral()) {
      mistyped(at, "a whole number");
      return null;
    }
    if (!json.canConvertToInt() || json.intValue() < min || json.intValue() > max) {
      String range = max == Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
      reports.add(at, "'" + name(at) + "' must be " + range, null);
      return null;
    }
    return json.intValue();
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
      reports.add(at, "'" + name(at) + "' must be at least " + json(min), null);
      return otherwise;
    }
    return json.doubleValue();
  }

  private static String json(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /// Reports what can be neither a URI, nor a URI template, nor hold an expression.
  void checkUri(At at, String uri) {
    boolean literal = Template.of(uri) instanceof Template.Literal;
    if (uri.isEmpty() || (literal && uri.chars().anyMatch(Character::isWhitespace))) {
      reports.add(at, "'" + name(at) + "' must be a URI", null);
    }
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
      reports.add(at, message + "'", Suggestions.hint(value, allowed));
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

  /// A string that is wholly an expression, or an object of string templates.
  @Nullable JsonNode stringMap(@Nullable At at) {
    if (at == null) {
      return null;
    }
    if (at.yaml().json().isString()) {
      if (!(Template.of(at.yaml().json().stringValue()) instanceof Template.Whole)) {
        reports.add(at, mustBe(at, "an object or an expression '${ … }'"), null);
        return null;
      }
      return templateString(at);
    }
    entries(at).forEach((name, entry) -> templateString(at.child(name, entry.value())));
    return at.yaml().json();
  }

  /// A duration: ISO 8601, an object, or a string that is wholly an expression.
  @Nullable JsonNode duration(@Nullable At at) {
    if (at == null) {
      return null;
    }
    JsonNode json = at.yaml().json();
    if (json.isString() && Template.of(json.stringValue()) instanceof Template.Whole) {
      return templateString(at);
    }
    try {
      var _ = Durations.parse(json);
    } catch (InvalidDuration e) {
      String example = "write for example PT1M30S, or {minutes: 1, seconds: 30}";
      reports.add(at, "invalid duration: " + e.getMessage(), example);
    }
    return json;
  }

  void mistyped(At at, String expected) {
    reports.add(at, mustBe(at, expected), null);
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
