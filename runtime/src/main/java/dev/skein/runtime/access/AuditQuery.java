package dev.skein.runtime.access;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.AuditEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Which entries of the audit log are meant; null for any.
///
/// @param who a part of the name of who asked
/// @param what the name of the operation
/// @param on a part of what it was about
/// @param from entries of then or later
/// @param to entries before then
public record AuditQuery(
    @Nullable String who,
    @Nullable String what,
    @Nullable String on,
    @Nullable Instant from,
    @Nullable Instant to) {
  public static final AuditQuery ALL = new AuditQuery(null, null, null, null, null);

  /// Entries are in the order of commits, and the clocks of nodes differ a little.
  private static final Duration OUT_OF_ORDER = Duration.ofHours(1);

  /// An entry that somebody has spoilt is among all, and fits no question.
  boolean fits(AuditEntry entry) {
    if (equals(ALL)) {
      return true;
    }
    try {
      JsonNode told = Json.parse(entry.text());
      Instant at = Instant.parse(told.path("at").asString(""));
      return contains(told, "who", who)
          && (what == null || what.equals(told.path("what").asString("")))
          && contains(told, "on", on)
          && (from == null || !at.isBefore(from))
          && (to == null || at.isBefore(to));
    } catch (JacksonException | DateTimeParseException spoilt) {
      return false;
    }
  }

  private static boolean contains(JsonNode told, String name, @Nullable String part) {
    return part == null
        || told.path(name)
            .asString("")
            .toLowerCase(Locale.ROOT)
            .contains(part.toLowerCase(Locale.ROOT));
  }

  /// Whether nothing that was written before it can fit.
  boolean isAfter(AuditEntry entry) {
    if (from == null) {
      return false;
    }
    try {
      Instant at = Instant.parse(Json.parse(entry.text()).path("at").asString(""));
      return at.isBefore(from.minus(OUT_OF_ORDER));
    } catch (JacksonException | DateTimeParseException spoilt) {
      return false;
    }
  }
}
