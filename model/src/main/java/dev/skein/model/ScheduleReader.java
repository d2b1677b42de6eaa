package dev.skein.model;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads when runs start by themselves.
final class ScheduleReader {
  private static final List<String> READS = List.of("data", "envelope", "raw");
  private static final List<String> OVERLAPS = List.of("allow", "skip", "queue");
  private static final List<String> CATCH_UPS = List.of("none", "one", "all");

  private final Values values;
  private final EventReader events;

  ScheduleReader(Values values, EventReader events) {
    this.values = values;
    this.events = events;
  }

  /// @param rules what `metadata.skein.schedule` says, if anything
  @Nullable Schedule schedule(@Nullable At at, @Nullable At rules) {
    Schedule.Rules read = values.reports().under(Code.METADATA, () -> rules(rules));
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    JsonNode every = values.duration(fields.optional("every"));
    At cronAt = fields.optional("cron");
    String cron = values.string(cronAt);
    JsonNode after = values.duration(fields.optional("after"));
    At onAt = fields.optional("on");
    EventStrategy on = onAt == null ? null : events.strategy(onAt, true);
    String reads = values.oneOf(fields.optional("read"), READS, "data");
    fields.close();
    if (cronAt != null && cron != null) {
      String wrong = Cron.mistake(cron);
      if (wrong != null) {
        values
            .reports()
            .add(Code.CRON, cronAt, "the cron expression does not parse: " + wrong, null);
      }
    }
    if (fields.has("read") && onAt == null) {
      values.reports().add(Code.SHAPE, fields.at(), "'read' goes with 'on' only", null);
    }
    long given = Stream.of(every, cron, after, onAt).filter(Objects::nonNull).count();
    if (given > 1) {
      values.reports().add(Code.SCHEDULE, fields.at(), "give one of every, cron, after, on", null);
    }
    return given == 0 ? null : new Schedule(every, cron, after, on, reads, read);
  }

  private Schedule.Rules rules(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return Schedule.Rules.DEFAULT;
    }
    At zone = fields.optional("timezone");
    String timezone = values.string(zone, "UTC");
    try {
      var _ = ZoneId.of(timezone);
    } catch (DateTimeException e) {
      if (zone != null) {
        values
            .reports()
            .add(
                Code.METADATA,
                zone,
                "there is no time zone '" + timezone + "'",
                "write for example Europe/Lisbon");
      }
      timezone = "UTC";
    }
    String overlap = values.oneOf(fields.optional("overlap"), OVERLAPS, "allow");
    String catchUp = values.oneOf(fields.optional("catchUp"), CATCH_UPS, "one");
    JsonNode jitter = values.duration(fields.optional("jitter"));
    fields.close();
    return new Schedule.Rules(
        timezone,
        Schedule.Overlap.valueOf(overlap.toUpperCase(Locale.ROOT)),
        Schedule.CatchUp.valueOf(catchUp.toUpperCase(Locale.ROOT)),
        jitter);
  }
}
