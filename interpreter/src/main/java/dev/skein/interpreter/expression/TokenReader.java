package dev.skein.interpreter.expression;

import dev.skein.interpreter.expression.Token.Kind;
import java.util.List;

/// Walks over the tokens for the parsers, and bounds how deep they go. Owned by one thread.
final class TokenReader {
  private static final int MOST_CHARACTERS = 100_000;
  private static final int DEEPEST = 250;
  private static final int LONGEST_CHAIN = 1_000;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenReader(String source) {
    if (source.length() > MOST_CHARACTERS) {
      throw ExpressionException.limit(
          "the expression is longer than " + MOST_CHARACTERS + " characters");
    }
    this.tokens = new Lexer(source).tokens();
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  boolean sees(String symbol) {
    return peek().is(symbol);
  }

  boolean sees(Kind kind) {
    return peek().kind() == kind;
  }

  boolean follows(Kind kind) {
    return at + 1 < tokens.size() && tokens.get(at + 1).kind() == kind;
  }

  boolean follows(String symbol) {
    return at + 1 < tokens.size() && tokens.get(at + 1).is(symbol);
  }

  boolean take(String symbol) {
    if (sees(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(String symbol) {
    if (!take(symbol)) {
      throw unexpected("expected '" + symbol + "'");
    }
  }

  Token expect(Kind kind, String what) {
    if (!sees(kind)) {
      throw unexpected("expected " + what);
    }
    return next();
  }

  ExpressionException unexpected(String hint) {
    Token token = peek();
    String message = "unexpected " + token.shown() + (hint.isEmpty() ? "" : ", " + hint);
    return ExpressionException.syntax(message, token.offset());
  }

  void enter() {
    if (++depth > DEEPEST) {
      throw ExpressionException.limit("the expression is nested more than " + DEEPEST + " deep");
    }
  }

  void leave() {
    depth--;
  }

  /// Bounds trees that grow deep by repetition, like `1 + 1 + 1` or `.a.b.c`.
  void chained(int length) {
    if (length > LONGEST_CHAIN) {
      throw ExpressionException.limit(
          "the expression chains more than " + LONGEST_CHAIN + " operations");
    }
  }
}
