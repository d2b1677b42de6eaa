package dev.skein.interpreter.expression;

/// Turns source text into reusable expressions. Safe for use by many threads.
public interface Expressions {

  /// Compiles one expression.
  ///
  /// @throws ExpressionException of kind `SYNTAX`, with the offset of the first character that does
  ///   not fit, or `LIMIT` when the source is too long or too deeply nested
  Expression compile(String source) throws ExpressionException;
}
