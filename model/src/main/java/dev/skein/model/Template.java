package dev.skein.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A string of a workflow, in strict mode: text, one expression `${ … }`, or text with expressions in it.
public sealed interface Template {
  record Literal(String text) implements Template {}

  record Whole(String expression) implements Template {}

  record Interpolated(List<Part> parts) implements Template {}

  /// A piece of an interpolated string.
  ///
  /// @param expression whether `text` is an expression, without its `${ }`
  record Part(String text, boolean expression) {}

  static Template of(String string) {
    var parts = new ArrayList<Part>();
    int from = 0;
    while (true) {
      int open = string.indexOf("${", from);
      int close = open < 0 ? -1 : closing(string, open + 2);
      if (close < 0) {
        break;
      }
      if (open > from) {
        parts.add(new Part(string.substring(from, open), false));
      }
      parts.add(new Part(string.substring(open + 2, close).strip(), true));
      from = close + 1;
    }
    if (parts.isEmpty()) {
      return new Literal(string);
    }
    if (from < string.length()) {
      parts.add(new Part(string.substring(from), false));
    }
    Part whole = onlyExpression(parts);
    return whole == null ? new Interpolated(List.copyOf(parts)) : new Whole(whole.text());
  }

  /// The expression without the `${ }` around it, if there is one.
  static String strip(String expression) {
    return of(expression) instanceof Whole(String inner) ? inner : expression;
  }

  private static @Nullable Part onlyExpression(List<Part> parts) {
    Part only = null;
    for (Part part : parts) {
      if (part.expression()) {
        if (only != null) {
          return null;
        }
        only = part;
      } else if (!part.text().isBlank()) {
        return null;
      }
    }
    return only;
  }

  /// Where the brace that was opened before `from` closes; -1 if nowhere. Strings of the expression, and the expressions inside those
  /// strings, may hold braces of their own.
  private static int closing(String string, int from) {
    int depth = 0;
    for (int i = from; i < string.length(); i++) {
      switch (string.charAt(i)) {
        case '"' -> {
          i = endOfString(string, i + 1);
          if (i < 0) {
            return -1;
          }
        }
        case '{' -> depth++;
        case '}' -> {
          if (depth-- == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  private static int endOfString(String string, int from) {
    for (int i = from; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c == '\\') {
        i++;
        if (i < string.length() && string.charAt(i) == '(') {
          i = endOfParentheses(string, i + 1);
          if (i < 0) {
            return -1;
          }
        }
      }
    }
    return -1;
  }

  private static int endOfParentheses(String string, int from) {
    int depth = 0;
    for (int i = from; i < string.length(); i++) {
      switch (string.charAt(i)) {
        case '"' -> {
          i = endOfString(string, i + 1);
          if (i < 0) {
            return -1;
          }
        }
        case '(' -> depth++;
        case ')' -> {
          if (depth-- == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return -1;
  }
}
