package dev.skein.interpreter.expression;

/// One word of the source. `text` is the decoded value of a name, a variable, a format or a piece
/// of a string, and the source text of everything else.
record Token(Kind kind, String text, int offset, int line) {

  enum Kind {
    NAME,
    KEYWORD,
    FIELD,
    VARIABLE,
    FORMAT,
    NUMBER,
    SYMBOL,
    /// A string is QUOTE, then TEXT and `\(` … `)` groups (HOLE_START, HOLE_END), then END_QUOTE.
    QUOTE,
    TEXT,
    HOLE_START,
    HOLE_END,
    END_QUOTE,
    END
  }

  boolean is(String symbol) {
    return (kind == Kind.SYMBOL || kind == Kind.KEYWORD) && text.equals(symbol);
  }

  /// How the token reads in an error message.
  String shown() {
    return switch (kind) {
      case END -> "end of expression";
      case QUOTE, END_QUOTE -> "'\"'";
      case TEXT -> "text";
      case HOLE_START -> "'\\('";
      case FIELD -> "'." + text + "'";
      case VARIABLE -> "'$" + text + "'";
      case FORMAT -> "'@" + text + "'";
      case NAME, KEYWORD, NUMBER, SYMBOL, HOLE_END -> "'" + text + "'";
    };
  }
}
