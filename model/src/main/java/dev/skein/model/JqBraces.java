package dev.skein.model;

/// Finds where a jq expression inside `${ }` ends: past nested braces, strings, and the expressions
/// inside strings. Used once, by one thread.
final class JqBraces {
  private static final char BRACE = '{';
  private static final char PARENTHESIS = '(';
  private static final char STRING = '"';

  private final String text;
  private final boolean comments;
  private final int lastLine;
  // a stack of what is open, as chars: recursion would overflow on hostile input
  private final StringBuilder open = new StringBuilder().append(BRACE);

  private JqBraces(String text, boolean comments) {
    this.text = text;
    this.comments = comments;
    this.lastLine = text.lastIndexOf('\n');
  }

  /// @param from just after the opening `${`
  /// @return the offset of the closing brace, or -1
  static int close(String text, int from) {
    int close = new JqBraces(text, true).close(from);
    // a comment in the expression's last line hides the brace: then it ends before the brace
    return close < 0 ? new JqBraces(text, false).close(from) : close;
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
        return comments && at < lastLine ? text.indexOf('\n', at) : at + 1;
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
    while (top() == PARENTHESIS) {
      pop();
    }
    if (top() == BRACE) {
      pop();
    }
  }

  private char top() {
    return open.charAt(open.length() - 1);
  }

  private void pop() {
    open.setLength(open.length() - 1);
  }
}
