package dev.skein.model;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checks the expressions inside values: that they compile, and that the secrets they name are
/// declared.
final class Expressions {
  private static final String SECRETS = "$secrets.";
  private static final int SHOWN = 20;
  static final String DECLARE = "list it under 'secrets'";

  private final Reports reports;
  private final ExpressionSyntax syntax;
  private final Collection<String> secrets;

  Expressions(Reports reports, ExpressionSyntax syntax, Collection<String> secrets) {
    this.reports = reports;
    this.syntax = syntax;
    this.secrets = Set.copyOf(secrets);
  }

  /// Checks a string that is an expression with or without `${ }`.
  void expression(At at, String text) {
    compile(at, Template.strip(text));
  }

  /// Checks every string in the value as a template.
  void templates(At at) {
    switch (at.yaml()) {
      case Yaml.Scalar(_, JsonNode json) -> {
        if (json.isString()) {
          template(at, json.stringValue());
        }
      }
      case Yaml.Sequence(_, _, var items) -> {
        for (int i = 0; i < items.size(); i++) {
          templates(at.item(i, items.get(i)));
        }
      }
      case Yaml.Mapping(_, _, Map<String, Yaml.Entry> entries) ->
          entries.forEach((name, entry) -> templates(at.child(name, entry.value())));
    }
  }

  void template(At at, String text) {
    switch (Template.of(text)) {
      case Template.Literal(String literal) -> checkClosed(at, literal);
      case Template.Whole(String expression) -> compile(at, expression);
      case Template.Interpolated(var parts) -> {
        for (Template.Part part : parts) {
          switch (part) {
            case Template.Part.Text(String literal) -> checkClosed(at, literal);
            case Template.Part.Expression(String expression) -> compile(at, expression);
          }
        }
      }
    }
  }

  private void checkClosed(At at, String literal) {
    if (literal.contains("${")) {
      reports.add(
          Code.EXPRESSION,
          at,
          "'${' is never closed",
          "close it with '}'; as mere text it is written ${ \"${\" }");
    }
  }

  private void compile(At at, String expression) {
    if (expression.isBlank()) {
      reports.add(Code.EXPRESSION, at, "the expression is empty", null);
      return;
    }
    ExpressionSyntax.SyntaxError error = syntax.check(expression);
    if (error != null) {
      reports.add(
          Code.EXPRESSION,
          at,
          "the expression does not compile: " + error.message(),
          near(expression, error));
      return;
    }
    checkSecrets(at, expression);
  }

  private static @Nullable String near(String expression, ExpressionSyntax.SyntaxError error) {
    int offset = error.offset();
    if (offset < 0 || offset >= expression.length()) {
      return null;
    }
    int end = Math.min(expression.length(), offset + SHOWN);
    return "look at '" + expression.substring(offset, end).strip() + "'";
  }

  private void checkSecrets(At at, String expression) {
    int start = expression.indexOf(SECRETS);
    while (start >= 0) {
      int from = start + SECRETS.length();
      int end = from;
      while (end < expression.length() && isNamePart(expression.charAt(end))) {
        end++;
      }
      String name = expression.substring(from, end);
      if (!name.isEmpty() && !secrets.contains(name)) {
        String hint = Suggestions.hint(name, secrets);
        reports.add(
            Code.REFERENCE,
            at,
            "the secret '" + name + "' is not declared",
            hint == null ? DECLARE : hint);
      }
      start = expression.indexOf(SECRETS, end);
    }
  }

  static boolean isNamePart(int c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
