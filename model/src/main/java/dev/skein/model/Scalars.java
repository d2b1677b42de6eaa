package dev.skein.model;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Plain YAML scalars as JSON, by the core schema of YAML 1.2. JSON has no `.inf` and `.nan`: they
/// stay strings.
final class Scalars {
  // the time to parse a number grows with the square of its digits
  private static final int MAX_DIGITS = 400;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Scalars() {}

  /// @return null if the scalar is a number too large to handle
  static @Nullable JsonNode resolve(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> JSON.nullNode();
      case "true", "True", "TRUE" -> JSON.booleanNode(true);
      case "false", "False", "FALSE" -> JSON.booleanNode(false);
      default -> numberOrString(text);
    };
  }

  private static @Nullable JsonNode numberOrString(String text) {
    char first = text.charAt(0);
    if (!isDigit(first) && first != '-' && first != '+' && first != '.') {
      return JSON.stringNode(text);
    }
    if (text.startsWith("0x") && isAll(text, 2, "0123456789abcdefABCDEF")) {
      return integer(text.substring(2), 16);
    }
    if (text.startsWith("0o") && isAll(text, 2, "01234567")) {
      return integer(text.substring(2), 8);
    }
    int start = first == '-' || first == '+' ? 1 : 0;
    int whole = digits(text, start);
    if (whole > start && whole == text.length()) {
      return integer(first == '+' ? text.substring(1) : text, 10);
    }
    return isFloat(text, start) ? floating(text) : JSON.stringNode(text);
  }

  private static boolean isFloat(String text, int start) {
    int whole = digits(text, start);
    int at = whole;
    if (at < text.length() && text.charAt(at) == '.') {
      at = digits(text, at + 1);
    }
    boolean anyDigits = whole > start || at > whole + 1;
    if (anyDigits && at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '-' || text.charAt(exponent) == '+')) {
        exponent++;
      }
      at = digits(text, exponent);
      return at > exponent && at == text.length();
    }
    return anyDigits && at == text.length();
  }

  private static @Nullable JsonNode integer(String digits, int radix) {
    if (digits.length() > MAX_DIGITS) {
      return null;
    }
    BigInteger value = new BigInteger(digits, radix);
    if (value.bitLength() < Integer.SIZE) {
      return JSON.numberNode(value.intValue());
    }
    return value.bitLength() < Long.SIZE
        ? JSON.numberNode(value.longValue())
        : JSON.numberNode(value);
  }

  private static @Nullable JsonNode floating(String text) {
    if (text.length() > MAX_DIGITS) {
      return null;
    }
    double value = Double.parseDouble(text);
    return Double.isInfinite(value) ? null : JSON.numberNode(value);
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAll(String text, int from, String allowed) {
    for (int at = from; at < text.length(); at++) {
      if (allowed.indexOf(text.charAt(at)) < 0) {
        return false;
      }
    }
    return text.length() > from;
  }
}
