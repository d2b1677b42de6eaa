package dev.skein.model;

import org.jspecify.annotations.Nullable;

/// Knows whether an expression compiles. The language is behind it, so that this module needs none.
@FunctionalInterface
public interface ExpressionSyntax {
  /// @param expression without `${ }`
  /// @return what is wrong with it, or null
  @Nullable SyntaxError check(String expression);

  /// @param offset in the expression, from 0
  record SyntaxError(String message, int offset) {}
}
