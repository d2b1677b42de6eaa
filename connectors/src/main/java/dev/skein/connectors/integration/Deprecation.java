package dev.skein.connectors.integration;

import dev.skein.connectors.http.Reply;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// What an answer says about its own end: the headers `Deprecation` (RFC 9745), `Sunset` (RFC 8594)
/// and the link to more about it.
final class Deprecation {
  private Deprecation() {}

  /// @return a sentence; null if it says nothing
  static @Nullable String toldBy(Reply reply) {
    String deprecation = reply.headers().get("Deprecation");
    String sunset = reply.headers().get("Sunset");
    if (deprecation == null && sunset == null) {
      return null;
    }
    var told = new StringBuilder("is deprecated");
    if (deprecation != null && deprecation.startsWith("@")) {
      told.append(" since ").append(day(deprecation));
    }
    if (sunset != null) {
      told.append(" and goes away ").append(sunset);
    }
    String link = reply.headers().get("Link");
    if (link != null && (link.contains("deprecation") || link.contains("sunset"))) {
      told.append("; see ").append(link);
    }
    return told.toString();
  }

  /// Of a date of structured fields: `@` and seconds.
  private static String day(String date) {
    try {
      return Instant.ofEpochSecond(Long.parseLong(date.substring(1).strip()))
          .atZone(ZoneOffset.UTC)
          .toLocalDate()
          .toString();
    } catch (DateTimeException | NumberFormatException e) {
      return date;
    }
  }
}
