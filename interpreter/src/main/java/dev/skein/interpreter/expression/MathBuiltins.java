package dev.skein.interpreter.expression;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;

/// Functions on numbers, by the names of the C library.
final class MathBuiltins {
  private static final double[] LANCZOS = {
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
    12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7
  };

  private MathBuiltins() {}

  static void register(Builtins to) {
    to.node("infinite", constant(Double.POSITIVE_INFINITY));
    to.node("nan", constant(Double.NaN));
    test(to, "isinfinite", Double::isInfinite);
    to.value("isnan", (_, in) -> BooleanNode.valueOf(Numbers.isNaN(in)));
    test(to, "isnormal", x -> Double.isFinite(x) && Math.abs(x) >= Double.MIN_NORMAL);
    rounding(to);
    transcendental(to);
    two(to);
    to.value("frexp", (meter, in) -> fractionAndExponent(meter, number(in)));
    to.value("modf", (meter, in) -> fractionAndWhole(meter, number(in)));
    to.value("lgamma_r", (meter, in) -> logGammaAndSign(meter, number(in)));
    to.function(
        "fma",
        3,
        (env, in, a) -> Numbers.of(Math.fma(number(a.get(0)), number(a.get(1)), number(a.get(2)))));
  }

  private static Node constant(double value) {
    return new AccessNodes.Constant(DoubleNode.valueOf(value));
  }

  private static void rounding(Builtins to) {
    one(to, "floor", Math::floor);
    one(to, "ceil", Math::ceil);
    one(to, "round", MathBuiltins::round);
    one(to, "trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x));
    one(to, "rint", Math::rint);
    one(to, "nearbyint", Math::rint);
    one(to, "fabs", Math::abs);
    one(to, "significand", x -> x == 0 || !Double.isFinite(x) ? x : x / power(exponent(x)));
    one(to, "logb", x -> x == 0 ? Double.NEGATIVE_INFINITY : exponent(x));
  }

  private static void transcendental(Builtins to) {
    one(to, "sqrt", Math::sqrt);
    one(to, "cbrt", Math::cbrt);
    one(to, "exp", Math::exp);
    one(to, "exp2", x -> Math.pow(2, x));
    one(to, "exp10", x -> Math.pow(10, x));
    one(to, "pow10", x -> Math.pow(10, x));
    one(to, "expm1", Math::expm1);
    one(to, "log", Math::log);
    one(to, "log2", MathBuiltins::log2);
    one(to, "log10", Math::log10);
    one(to, "log1p", Math::log1p);
    one(to, "sin", Math::sin);
    one(to, "cos", Math::cos);
    one(to, "tan", Math::tan);
    one(to, "asin", Math::asin);
    one(to, "acos", Math::acos);
    one(to, "atan", Math::atan);
    one(to, "sinh", Math::sinh);
    one(to, "cosh", Math::cosh);
    one(to, "tanh", Math::tanh);
    one(to, "asinh", x -> Math.copySign(Math.log(Math.abs(x) + Math.hypot(x, 1)), x));
    one(to, "acosh", x -> Math.log(x + Math.sqrt(x * x - 1)));
    one(to, "atanh", x -> (Math.log1p(x) - Math.log1p(-x)) / 2);
    one(to, "gamma", MathBuiltins::logGamma);
    one(to, "lgamma", MathBuiltins::logGamma);
    one(to, "tgamma", MathBuiltins::gamma);
  }

  private static void two(Builtins to) {
    two(to, "pow", Math::pow);
    two(to, "atan2", Math::atan2);
    two(to, "fmod", (x, y) -> x % y);
    two(to, "fmin", (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.min(x, y));
    two(to, "fmax", (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.max(x, y));
    two(to, "fdim", (x, y) -> Math.max(x - y, 0));
    two(to, "hypot", Math::hypot);
    two(to, "copysign", Math::copySign);
    two(to, "nextafter", Math::nextAfter);
    two(to, "drem", Math::IEEEremainder);
    for (String name : List.of("ldexp", "scalb", "scalbln")) {
      two(to, name, (x, y) -> x * Math.pow(2, y));
    }
  }

  private static void one(Builtins to, String name, DoubleUnaryOperator function) {
    to.value(name, (meter, in) -> Numbers.of(function.applyAsDouble(number(in))));
  }

  private static void two(Builtins to, String name, DoubleBinaryOperator function) {
    to.function(
        name,
        2,
        (env, in, a) -> Numbers.of(function.applyAsDouble(number(a.get(0)), number(a.get(1)))));
  }

  private static void test(Builtins to, String name, DoublePredicate predicate) {
    to.value(name, (meter, in) -> BooleanNode.valueOf(predicate.test(number(in))));
  }

  private static double number(JsonNode value) {
    if (!value.isNumber()) {
      throw ExpressionException.evaluation(Values.described(value) + " number required");
    }
    return Numbers.toDouble(value);
  }

  /// Exact for powers of two. Half away from zero. Adding a half and cutting would round
  /// 0.49999999999999994 up.
  private static double round(double x) {
    double below = Math.floor(Math.abs(x));
    return Math.copySign(Math.abs(x) - below >= 0.5 ? below + 1 : below, x);
  }

  private static double log2(double x) {
    if (x > 0 && Double.isFinite(x)) {
      int exponent = exponent(x);
      if (x == power(exponent)) {
        return exponent;
      }
    }
    return Math.log(x) / Math.log(2);
  }

  private static double power(int exponent) {
    return Math.scalb(1.0, exponent);
  }

  private static int exponent(double x) {
    return x != 0 && Math.abs(x) < Double.MIN_NORMAL
        ? Math.getExponent(x * power(54)) - 54
        : Math.getExponent(x);
  }

  private static JsonNode fractionAndExponent(Meter meter, double x) {
    boolean plain = x == 0 || !Double.isFinite(x);
    int exponent = plain ? 0 : exponent(x) + 1;
    double fraction = plain ? x : Math.scalb(x, -exponent);
    return Values.array(meter, List.of(Numbers.of(fraction), Numbers.of((long) exponent)));
  }

  private static JsonNode fractionAndWhole(Meter meter, double x) {
    double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
    double fraction = Double.isInfinite(x) ? 0 : x - whole;
    return Values.array(meter, List.of(Numbers.of(fraction), Numbers.of(whole)));
  }

  private static JsonNode logGammaAndSign(Meter meter, double x) {
    long sign = gamma(x) < 0 ? -1 : 1;
    return Values.array(meter, List.of(Numbers.of(logGamma(x)), Numbers.of(sign)));
  }

  /// By the approximation of Lanczos, reflected below one half.
  private static double logGamma(double x) {
    if (x < 0.5) {
      return Math.log(Math.abs(Math.PI / Math.sin(Math.PI * x))) - logGamma(1 - x);
    }
    double sum = 0.9999999999998099;
    for (int i = 0; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (x + i);
    }
    double t = x + LANCZOS.length - 1.5;
    return Math.log(2 * Math.PI) / 2 + (x - 0.5) * Math.log(t) - t + Math.log(sum);
  }

  private static double gamma(double x) {
    if (x == Math.rint(x) && x > 0 && x < 24) {
      double factorial = 1;
      for (int i = 2; i < x; i++) {
        factorial *= i;
      }
      return factorial;
    }
    boolean negative = x < 0 && Math.floorMod((long) Math.floor(x), 2) != 0;
    return negative ? -Math.exp(logGamma(x)) : Math.exp(logGamma(x));
  }
}
