package dev.skein.interpreter.expression;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How much one evaluation may use before it ends in an [ExpressionException] of kind `LIMIT`.
///
/// @param time how long it may run, measured with `nanoTime`
/// @param bytes how much it may build, by an estimate on the high side
/// @param depth how many function calls may stand inside each other
/// @param nesting how deeply arrays and objects of a result may be nested
/// @param outputs how many outputs [Expression#evaluateAll] hands back
/// @param nanoTime the clock of the deadline; it never reaches the expression
public record Limits(
    Duration time, long bytes, int depth, int nesting, int outputs, LongSupplier nanoTime) {

  /// A little less than one second and 64 MB, so that a runaway expression is over within them. The
  /// nesting is what Jackson writes and reads by default.
  public static Limits defaults() {
    return new Limits(Duration.ofMillis(600), 64L << 20, 1_000, 500, 100_000, System::nanoTime);
  }
}
