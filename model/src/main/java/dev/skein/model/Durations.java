package dev.skein.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads durations of the language: ISO 8601 without years and months, whose length depends on the date, or an object of units.
public final class Durations {
  private static final Pattern ISO =
      Pattern.compile(
          "P(?!$)(?:(?<w>\\d+(?:\\.\\d+)?)W)?(?:(?<d>\\d+(?:\\.\\d+)?)D)?"
              + "(?:T(?=\\d)(?:(?<h>\\d+(?:\\.\\d+)?)H)?(?:(?<m>\\d+(?:\\.\\d+)?)M)?(?:(?<s>\\d+(?:\\.\\d+)?)S)?)?");

  private static final Map<String, Long> MILLIS =
      Map.of(
          "days", 86_400_000L,
          "hours", 3_600_000L,
          "minutes", 60_000L,
          "seconds", 1_000L,
          "milliseconds", 1L);

  private static final Duration LONGEST = Duration.ofDays(36_525);

  private Durations() {}

  /// @throws InvalidDuration if it is none, or longer than a century
  public static Duration parse(JsonNode written) {
    Duration duration = written.isObject() ? ofUnits(written) : ofText(written);
    if (duration.compareTo(LONGEST) > 0) {
      throw new InvalidDuration("a duration of more than a century: " + written);
    }
    return duration;
  }

  private static Duration ofUnits(JsonNode units) {
    Duration sum = Duration.ZERO;
    for (Map.Entry<String, JsonNode> unit : units.properties()) {
      Long millis = MILLIS.get(unit.getKey());
      if (millis == null) {
        throw new InvalidDuration("'" + unit.getKey() + "' is no unit of a duration");
      }
      JsonNode amount = unit.getValue();
      if (!amount.isIntegralNumber() || !amount.canConvertToLong() || amount.asLong() < 0) {
        throw new InvalidDuration("the " + unit.getKey() + " of a duration must be a whole number");
      }
      try {
        sum = sum.plusMillis(Math.multiplyExact(millis, amount.asLong()));
      } catch (ArithmeticException e) {
        throw new InvalidDuration("too many " + unit.getKey() + ": " + amount);
      }
    }
    return sum;
  }

  private static Duration ofText(JsonNode written) {
    Matcher iso = ISO.matcher(written.isString() ? written.asString() : "");
    if (!iso.matches()) {
      throw new InvalidDuration(
          written + " is no duration; write ISO 8601 such as PT1M30S, without years and months");
    }
    BigDecimal seconds =
        part(iso, "w", 604_800)
            .add(part(iso, "d", 86_400))
            .add(part(iso, "h", 3_600))
            .add(part(iso, "m", 60))
            .add(part(iso, "s", 1));
    if (seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) {
      throw new InvalidDuration("a duration of more than a century: " + written);
    }
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  private static BigDecimal part(Matcher iso, String group, long seconds) {
    String digits = iso.group(group);
    return digits == null
        ? BigDecimal.ZERO
        : new BigDecimal(digits).multiply(BigDecimal.valueOf(seconds));
  }
}
