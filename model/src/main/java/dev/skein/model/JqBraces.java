package dev.skein.model;

/// Finds where a jq expression inside `${ }` ends: past nested braces, strings, and the expressions
/// inside strings.
final class JqBraces {
  private static final char BRACE = '{';
  private static final char PARENTHESIS = '(';
  private static final char STRING = '"';

  private final String text;
  // a stack of what is open, as chars: recursion would overflow on hostile input
  private final StringBuilder open = new StringBuilder().append(BRACE);

  private JqBraces(String text) {
    this.text = text;
  }

  /// @param from just after the opening `${`
  /// @return the offset of the closing brace, or -1
  static int close(String text, int from) {
    return new JqBraces(text).close(from);
  }

  private int close(int from) {
    int at = from;
    while (at < text.length()) {
      at = top() == STRING ? inString(at) : inCode(at);
      if (open.isEmpty()) {
        return at - 1;
      }
    }
    return -1;
  }

  private int inString(int at) {
    char c = text.charAt(at);
    if (c == '\\') {
      if (at + 1 < text.length() && text.charAt(at + 1) == PARENTHESIS) {
        open.append(PARENTHESIS);
      }
      return at + 2;
    }
    if (c == STRING) {
      pop();
    }
    return at + 1;
  }

  private int inCode(int at) {
    char c = text.charAt(at);
    switch (c) {
      case BRACE, PARENTHESIS, STRING -> open.append(c);
      case ')' -> {
        if (top() == PARENTHESIS) {
          pop();
        }
      }
      case '}' -> closeBrace();
      case '#' -> {
        int line = text.indexOf('\n', at);
        return line < 0 ? at + 1 : line;
      }
      default -> {
        // anything else opens and closes nothing
      }
    }
    return at + 1;
  }

  /// A parenthesis left open before the brace is the expression's own mistake, not a longer
  /// expression.
  private void closeBrace() {
    int brace = open.length() - 1;
    while (open.charAt(brace) == PARENTHESIS) {
      brace--;
      if (open.charAt(brace) == STRING) {
        return;
      }
    }
    open.setLength(brace);
  }

  private char top() {
    return open.charAt(open.length() - 1);
  }

  private void pop() {
    open.setLength(open.length() - 1);
  }
}
