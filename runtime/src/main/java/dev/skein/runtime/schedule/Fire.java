package dev.skein.runtime.schedule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One start of a scheduled workflow. Its run's id follows from it, so that it takes place once.
///
/// @param due the time it was due; null if events decided
/// @param events the numbers of the events that start it, in the order they were taken
record Fire(@Nullable Instant due, List<Long> events) {
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

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
    return namespace + "-" + name + "-" + (due == null ? "e" + events.getLast() : time(due));
  }

  private static String time(Instant due) {
    String seconds = BASIC.format(due);
    return due.getNano() == 0
        ? seconds + "Z"
        : "%s.%06dZ".formatted(seconds, due.getNano() / 1_000);
  }
}
