package dev.skein.interpreter.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;

/// Numbers as jq sees them: doubles. Integers are kept as integers while a double is exact, so that
/// they read and compare as such; a number nobody calculates with keeps the digits it came with.
final class Numbers {
  /// Up to here every integer is a double: 2^53.
  static final long EXACT = 1L << 53;

  /// Longer digit strings become doubles: they are no amounts, and long ones are slow to read.
  private static final int MOST_DIGITS = 400;

  private Numbers() {}

  static JsonNode of(long value) {
    return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
  }

  static JsonNode of(double value) {
    long whole = (long) value;
    if (whole == value && whole <= EXACT && whole >= -EXACT && !isNegativeZero(value)) {
      return of(whole);
    }
    return DoubleNode.valueOf(value);
  }

  private static boolean isNegativeZero(double value) {
    return value == 0 && Double.doubleToRawLongBits(value) != 0;
  }

  /// Whether the value is an integer that a double holds exactly.
  static boolean isExact(JsonNode number) {
    if (number instanceof IntNode) {
      return true;
    }
    if (number instanceof LongNode) {
      long value = number.longValue();
      return value <= EXACT && value >= -EXACT;
    }
    return false;
  }

  static boolean isNaN(JsonNode value) {
    return value.isFloatingPointNumber() && Double.isNaN(toDouble(value));
  }

  static double toDouble(JsonNode number) {
    return switch (number.numberType()) {
      case INT, LONG -> (double) number.longValue();
      case DOUBLE, FLOAT -> number.doubleValue();
      case BIG_INTEGER -> number.bigIntegerValue().doubleValue();
      case BIG_DECIMAL -> number.decimalValue().doubleValue();
    };
  }

  /// Rounds towards zero and into the range of int, as a cast does; NaN is 0.
  static int toInt(JsonNode number) {
    return (int) toDouble(number);
  }

  static int compare(JsonNode a, JsonNode b) {
    if (a instanceof IntNode && b instanceof IntNode) {
      return Integer.compare(a.intValue(), b.intValue());
    }
    if (a.isIntegralNumber() && b.isIntegralNumber()) {
      if (a.canConvertToLong() && b.canConvertToLong()) {
        return Long.compare(a.longValue(), b.longValue());
      }
      return a.bigIntegerValue().compareTo(b.bigIntegerValue());
    }
    double x = toDouble(a);
    double y = toDouble(b);
    // NaN is less than every other number. (That it is also less than itself would break sorting;
    // only the operator `<` says so.)
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Boolean.compare(Double.isNaN(y), Double.isNaN(x));
    }
    return x < y ? -1 : x == y ? 0 : 1;
  }

  static boolean equal(JsonNode a, JsonNode b) {
    if (a.isIntegralNumber() && b.isIntegralNumber()) {
      return compare(a, b) == 0;
    }
    return toDouble(a) == toDouble(b);
  }

  /// Reads a JSON number that is known to be well formed.
  static JsonNode parse(String text) {
    boolean whole = true;
    for (int i = 0; i < text.length() && whole; i++) {
      char c = text.charAt(i);
      whole = c == '-' || (c >= '0' && c <= '9');
    }
    if (!whole || text.length() > MOST_DIGITS) {
      return of(Double.parseDouble(text));
    }
    if (text.length() <= 18) {
      return of(Long.parseLong(text));
    }
    BigInteger value = new BigInteger(text);
    return value.bitLength() < Long.SIZE ? of(value.longValue()) : BigIntegerNode.valueOf(value);
  }

  /// Reads the number a string holds, or answers null.
  static @Nullable JsonNode tryParse(String text) {
    if (text.equals("nan")) {
      return DoubleNode.valueOf(Double.NaN);
    }
    int at = text.startsWith("-") ? 1 : 0;
    int digits = 0;
    boolean fraction = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !fraction) {
        fraction = true;
      } else {
        break;
      }
    }
    if (digits == 0 || (at < text.length() && !isExponent(text, at))) {
      return null;
    }
    return parse(text);
  }

  private static boolean isExponent(String text, int from) {
    int at = from;
    if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
      return false;
    }
    at++;
    if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      at++;
    }
    int first = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at > first && at == text.length();
  }

  /// How jq writes it: the fewest digits that read back as the same double, no `.0`, an exponent of
  /// at least two digits where the plain form would be long. NaN is null, infinity the last double.
  static String text(JsonNode number) {
    return switch (number.numberType()) {
      case INT, LONG -> Long.toString(number.longValue());
      case BIG_INTEGER -> number.bigIntegerValue().toString();
      case BIG_DECIMAL -> number.decimalValue().toString();
      case FLOAT, DOUBLE -> text(number.doubleValue());
    };
  }

  static String text(double value) {
    if (Double.isNaN(value)) {
      return "null";
    }
    if (value == 0) {
      return isNegativeZero(value) ? "-0" : "0";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    String digits = decimal.unscaledValue().toString();
    int point = digits.length() - decimal.scale();
    StringBuilder text = new StringBuilder(value < 0 ? "-" : "");
    if (point <= -4 || point > digits.length() + 15) {
      exponential(text, digits, point - 1);
    } else if (point <= 0) {
      text.append("0.").repeat('0', -point).append(digits);
    } else if (point >= digits.length()) {
      text.append(digits).repeat('0', point - digits.length());
    } else {
      text.append(digits, 0, point).append('.').append(digits, point, digits.length());
    }
    return text.toString();
  }

  private static void exponential(StringBuilder text, String digits, int exponent) {
    text.append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    int size = Math.abs(exponent);
    text.append(size < 10 ? "0" : "").append(size);
  }
}
