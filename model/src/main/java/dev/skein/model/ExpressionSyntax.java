package dev.skein.model;

import org.jspecify.annotations.Nullable;

/// Tells whether an expression compiles. The model does not know the expression language; whoever reads brings it.
@FunctionalInterface
public interface ExpressionSyntax {
  @Nullable SyntaxError check(String expression);

  /// @param offset of the fault in the expression, from 0
  record SyntaxError(String message, int offset) {}
}
