package dev.skein.model;

import java.util.ArrayList;
import java.util.List;

/// A string of the definition, taken apart: text, an expression, or both.
///
/// Only strings of definitions are templates; the same text arriving inside data never is.
public sealed interface Template {
  /// Text without an expression.
  record Literal(String text) implements Template {}

  /// A string that is one expression.
  ///
  /// @param expression without `${ }`, trimmed
  record Whole(String expression) implements Template {}

  /// Text with expressions inside.
  record Interpolated(List<Part> parts) implements Template {}

  sealed interface Part {
    record Text(String text) implements Part {}

    /// @param expression without `${ }`, trimmed
    record Expression(String expression) implements Part {}
  }

  /// Takes a string apart. A `${` that is never closed is text.
  static Template of(String string) {
    if (!string.contains("${")) {
      return new Literal(string);
    }
    List<Part> parts = parts(string);
    if (parts.stream().noneMatch(Part.Expression.class::isInstance)) {
      return new Literal(string);
    }
    List<Part> significant = parts.stream().filter(part -> !isBlank(part)).toList();
    if (significant.size() == 1
        && significant.getFirst() instanceof Part.Expression(String expression)) {
      return new Whole(expression);
    }
    return new Interpolated(List.copyOf(parts));
  }

  /// The expression without an enclosing `${ }`, if it has one.
  static String strip(String expression) {
    return of(expression) instanceof Whole(String inner) ? inner : expression;
  }

  private static boolean isBlank(Part part) {
    return part instanceof Part.Text(String text) && text.isBlank();
  }

  private static List<Part> parts(String string) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < string.length()) {
      int start = string.indexOf("${", at);
      int end = start < 0 ? -1 : JqBraces.close(string, start + 2);
      if (end < 0) {
        parts.add(new Part.Text(string.substring(at)));
        break;
      }
      if (start > at) {
        parts.add(new Part.Text(string.substring(at, start)));
      }
      parts.add(new Part.Expression(string.substring(start + 2, end).strip()));
      at = end + 1;
    }
    return parts;
  }
}
