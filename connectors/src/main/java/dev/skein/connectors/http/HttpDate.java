package dev.skein.connectors.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Dates as HTTP has them, also in the two forms that nobody should write any more but everybody
/// must read (RFC 9110, 5.6.7).
final class HttpDate {
  private static final int CENTURY = 100;

  private HttpDate() {}

  /// @param now tells the century of a year of two digits: it is at most fifty years ahead
  /// @return null if it is no date
  static @Nullable Instant parse(String text, Instant now) {
    int year = now.atZone(ZoneOffset.UTC).getYear() - CENTURY / 2 + 1;
    DateTimeFormatter old =
        new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, year)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.US);
    DateTimeFormatter oldest = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US);
    for (DateTimeFormatter form : List.of(DateTimeFormatter.RFC_1123_DATE_TIME, old, oldest)) {
      try {
        return LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        // perhaps in the next form
      }
    }
    return null;
  }
}
