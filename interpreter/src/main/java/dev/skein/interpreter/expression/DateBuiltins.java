package dev.skein.interpreter.expression;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Functions on times: seconds since 1970, and broken down `[year, month from 0, day, hours,
/// minutes, seconds, weekday from Sunday, day of the year from 0]`. Local time is UTC: an
/// expression must not depend on the machine it runs on.
final class DateBuiltins {
  private DateBuiltins() {}

  static void register(Builtins to) {
    to.value("gmtime", (meter, in) -> broken(meter, in, "gmtime"));
    to.value("localtime", (meter, in) -> broken(meter, in, "localtime"));
    to.value("mktime", (meter, in) -> mktime(in));
    to.value("timegm", (meter, in) -> mktime(in));
    to.function("strftime", 1, (env, in, a) -> format(env.meter, in, a.getFirst(), "strftime/1"));
    to.function(
        "strflocaltime", 1, (env, in, a) -> format(env.meter, in, a.getFirst(), "strflocaltime/1"));
    to.function("strptime", 1, (env, in, a) -> parse(env.meter, in, a.getFirst()));
  }

  /// Seconds since 1970 with a fraction, as `now` answers.
  static JsonNode seconds(Instant instant) {
    return Numbers.of(instant.getEpochSecond() + instant.getNano() / 1e9);
  }

  private static JsonNode broken(Meter meter, JsonNode in, String name) {
    if (!in.isNumber()) {
      throw ExpressionException.evaluation(name + "() requires a number");
    }
    double seconds = Numbers.toDouble(in);
    double whole = Math.floor(seconds);
    LocalDateTime time = time(whole, name);
    return broken(meter, time, time.getSecond() + (seconds - whole));
  }

  private static LocalDateTime time(double seconds, String name) {
    try {
      return LocalDateTime.ofEpochSecond((long) seconds, 0, ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw ExpressionException.evaluation("error converting number of seconds in " + name);
    }
  }

  private static JsonNode broken(Meter meter, LocalDateTime time, double seconds) {
    List<JsonNode> parts = new ArrayList<>(8);
    parts.add(Numbers.of((long) time.getYear()));
    parts.add(Numbers.of(time.getMonthValue() - 1L));
    parts.add(Numbers.of((long) time.getDayOfMonth()));
    parts.add(Numbers.of((long) time.getHour()));
    parts.add(Numbers.of((long) time.getMinute()));
    parts.add(Numbers.of(seconds));
    parts.add(Numbers.of(time.getDayOfWeek().getValue() % 7L));
    parts.add(Numbers.of(time.getDayOfYear() - 1L));
    return Values.array(meter, parts);
  }

  private static JsonNode mktime(JsonNode in) {
    if (!in.isArray()) {
      throw ExpressionException.evaluation("mktime requires array of 6 numbers");
    }
    return Numbers.of(unbroken(in, "mktime").toEpochSecond(ZoneOffset.UTC));
  }

  /// Fields beyond their range carry over, as in C.
  private static LocalDateTime unbroken(JsonNode in, String name) {
    boolean numbers = in.isArray() && in.size() >= 6;
    for (int i = 0; numbers && i < 6; i++) {
      numbers = in.get(i).isNumber();
    }
    if (!numbers) {
      throw ExpressionException.evaluation(name + " requires parsed datetime inputs");
    }
    try {
      return LocalDate.of(Numbers.toInt(in.get(0)), 1, 1)
          .plusMonths(Numbers.toInt(in.get(1)))
          .plusDays(Numbers.toInt(in.get(2)) - 1L)
          .atStartOfDay()
          .plusHours(Numbers.toInt(in.get(3)))
          .plusMinutes(Numbers.toInt(in.get(4)))
          .plusSeconds(Numbers.toInt(in.get(5)));
    } catch (DateTimeException e) {
      throw ExpressionException.evaluation("invalid " + name + " representation");
    }
  }

  private static JsonNode format(Meter meter, JsonNode in, JsonNode format, String name) {
    if (!format.isString()) {
      throw ExpressionException.evaluation(name + " requires a string format");
    }
    LocalDateTime time =
        in.isNumber() ? time(Math.floor(Numbers.toDouble(in)), name) : unbroken(in, name);
    meter.chargeText(8L * format.stringValue().length());
    return Values.string(meter, TimeFormat.write(time, format.stringValue()));
  }

  private static JsonNode parse(Meter meter, JsonNode in, JsonNode format) {
    if (!in.isString() || !format.isString()) {
      String shown = in.isString() ? "a string format" : "string inputs and arguments";
      throw ExpressionException.evaluation("strptime/1 requires " + shown);
    }
    LocalDateTime time = TimeFormat.read(in.stringValue(), format.stringValue());
    if (time == null) {
      meter.chargeText(in.stringValue().length() + format.stringValue().length());
      throw ExpressionException.evaluation(
          "date \""
              + in.stringValue()
              + "\" does not match format \""
              + format.stringValue()
              + "\"");
    }
    return broken(meter, time, time.getSecond());
  }
}
