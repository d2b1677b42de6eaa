package dev.skein.model;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// A cron expression of five fields.
public final class Cron {
  private final ExecutionTime times;

  private Cron(ExecutionTime times) {
    this.times = times;
  }

  /// @throws IllegalArgumentException if it does not parse
  public static Cron of(String expression) {
    var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    return new Cron(ExecutionTime.forCron(parser.parse(expression).validate()));
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
