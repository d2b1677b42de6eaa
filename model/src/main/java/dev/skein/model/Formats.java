package dev.skein.model;

import java.time.DateTimeException;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;

/// The formats that the schema of the language demands of strings.
final class Formats {
  private static final String NUMBER = "(?:0|[1-9][0-9]*)";
  private static final String PRE_RELEASE = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
  private static final String BUILD = "[0-9a-zA-Z-]+";
  private static final Pattern VERSION =
      Pattern.compile(
          "%s\\.%s\\.%s(?:-%s(?:\\.%s)*+)?+(?:\\+%s(?:\\.%s)*+)?+"
              .formatted(NUMBER, NUMBER, NUMBER, PRE_RELEASE, PRE_RELEASE, BUILD, BUILD));
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?");
  private static final Pattern HOST = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9-.]*[a-zA-Z0-9])?");
  private static final int MAX_NAME = 63;

  private static final Pattern EXPRESSION = Pattern.compile("\\s*\\$\\{.+}\\s*");
  private static final Pattern URI =
      Pattern.compile(
          "(?!\\s*\\$\\{)(?=\\S)(?:[^:/?#]+:)?(?://[^/?#\\s]*+)?[^?#\\s]*+"
              + "(?:\\?[^#\\s]*+)?(?:#\\S*+)?");
  private static final String VARIABLE = "(?:\\w|%@)(?:\\.?(?:\\w|%@))*+(?::[1-9][0-9]{0,3}|\\*)?";
  private static final Pattern TEMPLATE =
      Pattern.compile(
          ("(?:[^\\p{Cntrl} \"%<>\\\\^`{|}]|%@|\\{[+#./;?&=,!@|]?"
                  + VARIABLE
                  + "(?:,"
                  + VARIABLE
                  + ")*+})*+")
              .replace("%@", "%[0-9a-fA-F]{2}"));
  private static final String AMOUNT = "[0-9]+(?:\\.[0-9]+)?";
  private static final Pattern DURATION =
      Pattern.compile(
          "P(?!$)(?:@Y)?(?:@M)?(?:@W)?(?:@D)?(?:T(?=[0-9])(?:@H)?(?:@M)?(?:@S)?)?"
              .replace("@", AMOUNT));
  private static final Pattern TIME =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?"
              + "(?:Z|[+-][0-9]{2}:[0-9]{2})");
  private static final int SECONDS_AT = "2026-01-31T12:00:".length();
  private static final Pattern POINTER = Pattern.compile("(?:/(?:[^/~]|~[01])*+)*+");

  private Formats() {}

  static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }

  static boolean isName(String text) {
    return text.length() <= MAX_NAME && NAME.matcher(text).matches();
  }

  static boolean isHost(String text) {
    return text.length() <= MAX_NAME && HOST.matcher(text).matches();
  }

  /// Whether the schema takes it for an expression: all of it, on one line.
  static boolean isExpression(String text) {
    return EXPRESSION.matcher(text).matches();
  }

  /// A URI, a reference to one or a template of one.
  static boolean isUri(String text) {
    return URI.matcher(text).matches() && isTemplate(text);
  }

  /// A template of a URI (RFC 6570).
  static boolean isTemplate(String text) {
    return TEMPLATE.matcher(text).matches();
  }

  /// ISO 8601, years and months included.
  static boolean isDuration(String text) {
    return DURATION.matcher(text).matches();
  }

  /// RFC 3339, leap seconds included: they end June or December.
  static boolean isTime(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (!TIME.matcher(upper).matches()) {
      return false;
    }
    boolean leap = upper.startsWith("60", SECONDS_AT);
    try {
      OffsetDateTime second =
          OffsetDateTime.parse(
              leap
                  ? upper.substring(0, SECONDS_AT) + "59" + upper.substring(SECONDS_AT + 2)
                  : upper);
      return !leap || endsHalfYear(second.withOffsetSameInstant(ZoneOffset.UTC));
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static boolean endsHalfYear(OffsetDateTime second) {
    OffsetDateTime next = second.plusSeconds(1);
    return next.getDayOfMonth() == 1
        && next.toLocalTime().toSecondOfDay() == 0
        && (next.getMonth() == Month.JULY || next.getMonth() == Month.JANUARY);
  }

  /// RFC 6901.
  static boolean isPointer(String text) {
    return POINTER.matcher(text).matches();
  }
}
