package dev.skein.model;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A cron expression of five fields.
public final class Cron {
  private static final int MAX_CHARACTERS = 1_000;
  private static final String VALUE = "(?:[0-9]{1,2}|[a-zA-Z]{3})";
  private static final String ITEM = "(?:\\*|@(?:-@)?)(?:/[0-9]{1,2})?".replace("@", VALUE);
  private static final String FIELD = ITEM + "(?:," + ITEM + ")*+";
  private static final Pattern FIVE_FIELDS = Pattern.compile(FIELD + "(?:\\s+" + FIELD + "){4}");

  private final ExecutionTime times;

  private Cron(ExecutionTime times) {
    this.times = times;
  }

  /// @throws IllegalArgumentException if it does not parse
  public static Cron of(String expression) {
    String fields = expression.strip();
    // the parser reads more than five fields have, and throws what it likes for some of it
    if (fields.length() > MAX_CHARACTERS || !FIVE_FIELDS.matcher(fields).matches()) {
      throw new IllegalArgumentException(
          "it must have five fields, each of *, numbers, names, ranges a-b, steps /n and commas");
    }
    var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    return new Cron(ExecutionTime.forCron(parser.parse(fields).validate()));
  }

  static @Nullable String mistake(String expression) {
    try {
      var _ = of(expression);
      return null;
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// The first instant after `from` that it names; null if there is none ever.
  public @Nullable Instant after(Instant from, ZoneId zone) {
    return times
        .nextExecution(from.atZone(zone))
        .map(java.time.ZonedDateTime::toInstant)
        .orElse(null);
  }
}
