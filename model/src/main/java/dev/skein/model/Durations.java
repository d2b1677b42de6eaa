package dev.skein.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads durations as the DSL writes them.
public final class Durations {
  private static final int MAX_DIGITS = 18;
  private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(1_000L * 366 * 86_400);
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  /// What an object may hold.
  static final Set<String> UNITS = Set.of("days", "hours", "minutes", "seconds", "milliseconds");

  private Durations() {}

  /// Reads ISO 8601 text (weeks to fractional seconds) or an object with days, hours, minutes,
  /// seconds and milliseconds.
  ///
  /// @throws InvalidDuration with a sentence that says what is wrong
  public static Duration parse(JsonNode duration) {
    if (duration.isString()) {
      return parseText(duration.stringValue());
    }
    if (duration.isObject()) {
      return parseObject(duration);
    }
    throw new InvalidDuration("a duration must be ISO 8601 text or an object");
  }

  /// What is wrong with a duration, or null.
  static @Nullable String mistake(JsonNode duration) {
    try {
      var _ = parse(duration);
      return null;
    } catch (InvalidDuration e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Duration parseObject(JsonNode object) {
    if (object.isEmpty()) {
      throw new InvalidDuration("a duration must name at least one unit");
    }
    BigDecimal seconds = BigDecimal.ZERO;
    for (Map.Entry<String, JsonNode> part : object.properties()) {
      BigDecimal unit = unitSeconds(part.getKey());
      JsonNode amount = part.getValue();
      if (!amount.isNumber() || !amount.canConvertToExactIntegral() || !amount.canConvertToLong()) {
        throw new InvalidDuration("'" + part.getKey() + "' must be a whole number");
      }
      seconds = seconds.add(unit.multiply(BigDecimal.valueOf(amount.longValue())));
    }
    if (seconds.signum() < 0) {
      throw new InvalidDuration("a duration must not be negative");
    }
    return ofSeconds(seconds);
  }

  private static BigDecimal unitSeconds(String unit) {
    return switch (unit) {
      case "days" -> BigDecimal.valueOf(86_400);
      case "hours" -> BigDecimal.valueOf(3_600);
      case "minutes" -> BigDecimal.valueOf(60);
      case "seconds" -> BigDecimal.ONE;
      case "milliseconds" -> BigDecimal.valueOf(1, 3);
      default ->
          throw new InvalidDuration(
              "'" + unit + "' is no unit: days, hours, minutes, seconds and milliseconds are");
    };
  }

  private static Duration parseText(String text) {
    if (text.contains("${")) {
      throw new InvalidDuration("'" + text + "' is an expression, not a duration");
    }
    if (!text.startsWith("P")) {
      throw malformed(text);
    }
    int t = text.indexOf('T');
    String date = t < 0 ? text.substring(1) : text.substring(1, t);
    String time = t < 0 ? "" : text.substring(t + 1);
    if (time.isEmpty() && (t >= 0 || date.isEmpty())) {
      throw malformed(text);
    }
    return ofSeconds(sum(text, date, "YMWD").add(sum(text, time, "HMS")));
  }

  /// Adds up amounts that each end in one of the units, which come in that order, at most once.
  private static BigDecimal sum(String text, String amounts, String units) {
    BigDecimal seconds = BigDecimal.ZERO;
    int nextUnit = 0;
    int at = 0;
    while (at < amounts.length()) {
      int end = at;
      while (end < amounts.length() && isAmount(amounts.charAt(end))) {
        end++;
      }
      int unit = end < amounts.length() ? units.indexOf(amounts.charAt(end), nextUnit) : -1;
      if (unit < 0) {
        throw malformed(text);
      }
      BigDecimal scale = isoSeconds(units.charAt(unit), units.equals("HMS"));
      seconds = seconds.add(amount(text, amounts.substring(at, end)).multiply(scale));
      nextUnit = unit + 1;
      at = end + 1;
    }
    return seconds;
  }

  private static boolean isAmount(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static BigDecimal amount(String text, String digits) {
    int point = digits.indexOf('.');
    boolean wellFormed =
        point < 0
            ? !digits.isEmpty()
            : point > 0 && point < digits.length() - 1 && digits.indexOf('.', point + 1) < 0;
    if (!wellFormed || digits.length() > MAX_DIGITS) {
      throw malformed(text);
    }
    return new BigDecimal(digits);
  }

  private static BigDecimal isoSeconds(char unit, boolean time) {
    return switch (unit) {
      case 'W' -> BigDecimal.valueOf(7 * 86_400);
      case 'D' -> BigDecimal.valueOf(86_400);
      case 'H' -> BigDecimal.valueOf(3_600);
      case 'S' -> BigDecimal.ONE;
      case 'M' -> {
        if (!time) {
          throw calendar("months");
        }
        yield BigDecimal.valueOf(60);
      }
      default -> throw calendar("years");
    };
  }

  private static Duration ofSeconds(BigDecimal seconds) {
    if (seconds.compareTo(MAX_SECONDS) > 0) {
      throw new InvalidDuration("a duration must not exceed 1000 years");
    }
    BigDecimal whole = seconds.setScale(0, RoundingMode.DOWN);
    return Duration.ofSeconds(
        whole.longValueExact(), seconds.subtract(whole).multiply(NANOS).longValue());
  }

  private static InvalidDuration malformed(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return new InvalidDuration("'" + shown + "' is not an ISO 8601 duration such as PT1M30S");
  }

  private static InvalidDuration calendar(String unit) {
    return new InvalidDuration(unit + " have no fixed length; use weeks or days");
  }
}
