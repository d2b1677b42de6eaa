package dev.skein.interpreter.expression;

import dev.skein.interpreter.expression.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Cuts source text into tokens. Owned by one thread, used once.
final class Lexer {
  private static final Set<String> KEYWORDS =
      Set.of(
          "def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch",
          "label", "import", "include", "and", "or", "__loc__");
  private static final List<String> SYMBOLS =
      List.of(
          "?//=", "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//",
          "..", "|", "=", "<", ">", "+", "-", "*", "/", "%", ".", ",", ";", ":", "?", "(", ")", "[",
          "]", "{", "}", "$");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();

  /// Open parentheses since each `\(`: a string goes on where its count falls below zero.
  private final Deque<Integer> holes = new ArrayDeque<>();

  private int parentheses;
  private int at;
  private int line = 1;

  Lexer(String source) {
    this.source = source;
  }

  List<Token> tokens() {
    while (true) {
      skipBlanks();
      if (at == source.length()) {
        if (!holes.isEmpty()) {
          throw ExpressionException.syntax("string interpolation is not closed", at);
        }
        add(Kind.END, "", at);
        return tokens;
      }
      next();
    }
  }

  private void next() {
    char c = source.charAt(at);
    if (c == '"') {
      add(Kind.QUOTE, "\"", at++);
      string();
    } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      number();
    } else if (isNameStart(c)) {
      name();
    } else if (c == '.' && isNameStart(peek(1))) {
      int start = at++;
      add(Kind.FIELD, identifier(), start);
    } else if (c == '$' && isNameStart(peek(1))) {
      int start = at++;
      add(Kind.VARIABLE, qualified(), start);
    } else if (c == '@' && isNameStart(peek(1))) {
      int start = at++;
      add(Kind.FORMAT, identifier(), start);
    } else {
      symbol(c);
    }
  }

  private void symbol(char c) {
    if (c == ')' && !holes.isEmpty() && parentheses == 0) {
      add(Kind.HOLE_END, ")", at++);
      parentheses = holes.pop();
      string();
      return;
    }
    for (String symbol : SYMBOLS) {
      if (source.startsWith(symbol, at)) {
        // `?//=` does not exist: `.a?//=1` is `.a? //= 1`.
        String text = symbol.equals("?//=") ? "?" : symbol;
        add(Kind.SYMBOL, text, at);
        at += text.length();
        parentheses += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
        return;
      }
    }
    String shown = new String(Character.toChars(source.codePointAt(at)));
    throw ExpressionException.syntax("unexpected '" + shown + "'", at);
  }

  private void name() {
    int start = at;
    String text = qualified();
    if (text.contains("::")) {
      throw ExpressionException.syntax("modules are not supported: '" + text + "'", start);
    }
    add(KEYWORDS.contains(text) ? Kind.KEYWORD : Kind.NAME, text, start);
  }

  private String identifier() {
    int start = at;
    while (at < source.length() && isNamePart(source.charAt(at))) {
      at++;
    }
    return source.substring(start, at);
  }

  private String qualified() {
    int start = at;
    identifier();
    while (source.startsWith("::", at) && isNameStart(peek(2))) {
      at += 2;
      identifier();
    }
    return source.substring(start, at);
  }

  private void number() {
    int start = at;
    digits();
    if (peek(0) == '.') {
      at++;
      digits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (isDigit(peek(1 + sign))) {
        at += 1 + sign;
        digits();
      }
    }
    add(Kind.NUMBER, source.substring(start, at), start);
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  /// Reads on inside a string, up to its end or the next `\(`.
  private void string() {
    int start = at;
    StringBuilder text = new StringBuilder();
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '"') {
        add(Kind.TEXT, text.toString(), start);
        add(Kind.END_QUOTE, "\"", at++);
        return;
      }
      if (c == '\\' && peek(1) == '(') {
        add(Kind.TEXT, text.toString(), start);
        add(Kind.HOLE_START, "\\(", at);
        at += 2;
        holes.push(parentheses);
        parentheses = 0;
        return;
      }
      if (c == '\\') {
        text.append(escape());
      } else {
        line += c == '\n' ? 1 : 0;
        text.append(c);
        at++;
      }
    }
    throw ExpressionException.syntax("string is not closed", source.length());
  }

  private char escape() {
    int start = at;
    char c = peek(1);
    at += 2;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(peek(0), 16);
          if (digit < 0) {
            throw ExpressionException.syntax("invalid escape", start);
          }
          code = code * 16 + digit;
          at++;
        }
        yield (char) code;
      }
      default -> throw ExpressionException.syntax("invalid escape", start);
    };
  }

  private void skipBlanks() {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '#') {
        while (at < source.length() && source.charAt(at) != '\n') {
          at++;
        }
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        line += c == '\n' ? 1 : 0;
        at++;
      } else {
        return;
      }
    }
  }

  private void add(Kind kind, String text, int offset) {
    tokens.add(new Token(kind, text, offset, line));
  }

  private char peek(int ahead) {
    return at + ahead < source.length() ? source.charAt(at + ahead) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c);
  }
}
