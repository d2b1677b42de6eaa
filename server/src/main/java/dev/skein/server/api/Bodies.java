package dev.skein.server.api;

import dev.skein.kernel.store.RunNumbers;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads single values of requests; what is not as it should be is refused.
final class Bodies {
  private static final int LONGEST_REASON = 1_000;

  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 2200;

  private Bodies() {}

  /// Null if it is not there, or is null.
  static @Nullable String text(JsonNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString() || value.asString().isBlank() || value.asString().indexOf(0) >= 0) {
      throw Refusal.malformed("'" + name + "' must be a text");
    }
    return value.asString();
  }

  static String needed(JsonNode object, String name) {
    String value = text(object, name);
    if (value == null) {
      throw Refusal.malformed("'" + name + "' is missing");
    }
    return value;
  }

  static boolean flag(JsonNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw Refusal.malformed("'" + name + "' must be true or false");
    }
    return value.booleanValue();
  }

  /// Why somebody acts; a blank counts for nothing.
  static String reason(JsonNode body, String otherwise) {
    boolean blank = body.path("reason").isString() && body.path("reason").asString().isBlank();
    String given = blank ? null : text(body, "reason");
    String reason = Objects.requireNonNullElse(given, otherwise);
    if (reason.length() > LONGEST_REASON) {
      throw Refusal.malformed("'reason' may have " + LONGEST_REASON + " characters");
    }
    return reason;
  }

  /// How many of a list are asked for.
  static int limit(Request request, int usual, int most) {
    String written = request.query("limit");
    if (written == null) {
      return usual;
    }
    try {
      int limit = Integer.parseInt(written);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw Refusal.malformed("'limit' must be a number, not '" + written + "'");
    }
    throw Refusal.malformed("'limit' must be a number from 1 to " + most);
  }

  /// A cursor that stands for a number.
  static String cursor(long number) {
    return RunNumbers.id(number);
  }

  /// Null if the list is asked for from its beginning.
  static @Nullable Long cursor(Request request) {
    String written = request.query("cursor");
    if (written == null) {
      return null;
    }
    OptionalLong number = RunNumbers.number(written);
    if (number.isEmpty()) {
      throw Refusal.malformed("'cursor' must be what 'next' of the page before said");
    }
    return number.getAsLong();
  }

  static @Nullable Instant instant(String name, @Nullable String written) {
    if (written == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(written);
      if (time.getYear() < FIRST_YEAR || time.getYear() > LAST_YEAR) {
        throw Refusal.malformed("'" + name + "' must be a time of this age");
      }
      return time.toInstant();
    } catch (DateTimeException e) {
      throw Refusal.malformed(
          "'%s' must be a time such as 2026-03-01T08:00:00Z, not '%s'".formatted(name, written));
    }
  }
}
