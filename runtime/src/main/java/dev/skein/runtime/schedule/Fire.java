package dev.skein.runtime.schedule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One start of a scheduled workflow. Its run's id follows from it, so that it takes place once.
///
/// @param due the time it was due; null if events decided
/// @param events the numbers of the events that start it, in the order they were taken
record Fire(@Nullable Instant due, List<Long> events) {
  private static final DateTimeFormatter BASIC =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyyMMdd'T'HHmmss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  Fire {
    events = List.copyOf(events);
  }

  static Fire at(Instant due) {
    return new Fire(due, List.of());
  }

  static Fire by(List<Long> events) {
    return new Fire(null, events);
  }

  /// Such as `shop-nightly-20261123T020000Z`, with a fraction where the time has one; or
  /// `shop-nightly-e42`, after the last of its events.
  String runId(String namespace, String name) {
    return namespace
        + "-"
        + name
        + "-"
        + (due == null ? "e" + events.getLast() : BASIC.format(due));
  }
}
