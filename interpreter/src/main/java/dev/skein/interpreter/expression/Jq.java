package dev.skein.interpreter.expression;

/// The jq 1.7 language, evaluated in this process within limits.
public final class Jq implements Expressions {
  private final Limits limits;

  public Jq(Limits limits) {
    this.limits = limits;
  }

  @Override
  public Expression compile(String source) {
    throw ExpressionException.limit("not built yet: " + limits);
  }
}
