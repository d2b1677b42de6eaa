package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// When runs start by themselves: exactly one of `every`, `cron`, `after` and `on` is given.
///
/// @param every the time between two starts, a duration
/// @param cron five fields: minute, hour, day of month, month, day of week
/// @param after the time between the end of a run and the next start, a duration
/// @param on the events that start a run, whose input is the array of them
/// @param read how they are read: `data`, `envelope` or `raw`
public record Schedule(
    @Nullable JsonNode every,
    @Nullable String cron,
    @Nullable JsonNode after,
    @Nullable EventStrategy on,
    String read,
    Rules rules) {

  /// What the language leaves open: `document.metadata.skein.schedule`.
  ///
  /// @param timezone an IANA zone, for cron
  /// @param overlap what happens while an earlier run is still under way
  /// @param catchUp which of the starts that were missed are made up for
  /// @param jitter each start is late by up to this, a duration
  public record Rules(
      String timezone, Overlap overlap, CatchUp catchUp, @Nullable JsonNode jitter) {
    public static final Rules DEFAULT = new Rules("UTC", Overlap.ALLOW, CatchUp.ONE, null);
  }

  /// What happens when a start is due while an earlier run is under way.
  public enum Overlap {
    ALLOW,
    SKIP,
    QUEUE
  }

  /// Which missed starts are made up for.
  public enum CatchUp {
    NONE,
    ONE,
    ALL
  }
}
