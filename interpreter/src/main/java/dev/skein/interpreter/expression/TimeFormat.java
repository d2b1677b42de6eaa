package dev.skein.interpreter.expression;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The `%` notation of C for times, in English and UTC.
final class TimeFormat {
  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> DAYS =
      List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

  private TimeFormat() {}

  static String write(LocalDateTime time, String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c == '%' && i + 1 < format.length()) {
        text.append(part(time, format.charAt(++i)));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String part(LocalDateTime time, char code) {
    int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
    int day = time.getDayOfWeek().getValue() % 7;
    int yearDay = time.getDayOfYear() - 1;
    return switch (code) {
      case 'Y' -> Integer.toString(time.getYear());
      case 'C' -> two(Math.floorDiv(time.getYear(), 100));
      case 'y' -> two(Math.floorMod(time.getYear(), 100));
      case 'm' -> two(time.getMonthValue());
      case 'd' -> two(time.getDayOfMonth());
      case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
      case 'H' -> two(time.getHour());
      case 'k' -> String.format(Locale.ROOT, "%2d", time.getHour());
      case 'I' -> two(hour);
      case 'l' -> String.format(Locale.ROOT, "%2d", hour);
      case 'M' -> two(time.getMinute());
      case 'S' -> two(time.getSecond());
      case 'j' -> String.format(Locale.ROOT, "%03d", time.getDayOfYear());
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 'A' -> DAYS.get(day);
      case 'a' -> DAYS.get(day).substring(0, 3);
      case 'B' -> MONTHS.get(time.getMonthValue() - 1);
      case 'b', 'h' -> MONTHS.get(time.getMonthValue() - 1).substring(0, 3);
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(day);
      case 'U' -> two((yearDay + 7 - day) / 7);
      case 'W' -> two((yearDay + 7 - (day + 6) % 7) / 7);
      case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> two(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
      case 's' -> Long.toString(time.toEpochSecond(ZoneOffset.UTC));
      case 'Z' -> "UTC";
      case 'z' -> "+0000";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> composed(time, code);
    };
  }

  private static String composed(LocalDateTime time, char code) {
    return switch (code) {
      case 'T', 'X' -> write(time, "%H:%M:%S");
      case 'R' -> write(time, "%H:%M");
      case 'r' -> write(time, "%I:%M:%S %p");
      case 'D', 'x' -> write(time, "%m/%d/%y");
      case 'F' -> write(time, "%Y-%m-%d");
      case 'c' -> write(time, "%a %b %e %H:%M:%S %Y");
      default -> "%" + code;
    };
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }

  /// The time a text says in that format, or null if it does not fit.
  static @Nullable LocalDateTime read(String text, String format) {
    Reading reading = new Reading(text);
    if (!reading.fits(format) || reading.at < text.length()) {
      return null;
    }
    try {
      return reading.time();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /// A text while it is read. Owned by one call.
  private static final class Reading {
    private final String text;
    private int at;
    private int year = 1900;
    private int month = 1;
    private int day = 1;
    private int yearDay;
    private int hour;
    private int minute;
    private int second;
    private boolean afternoon;
    private boolean twelve;
    private int offsetMinutes;
    private @Nullable Long epoch;

    Reading(String text) {
      this.text = text;
    }

    LocalDateTime time() {
      if (epoch != null) {
        return LocalDateTime.ofEpochSecond(epoch, 0, ZoneOffset.UTC);
      }
      int hours = twelve ? hour % 12 + (afternoon ? 12 : 0) : hour;
      LocalDateTime time = LocalDateTime.of(year, month, day, hours, minute, 0);
      time = time.plusSeconds(second);
      return yearDay > 0 ? time.withDayOfYear(yearDay) : time;
    }

    boolean fits(String format) {
      boolean fits = true;
      for (int i = 0; i < format.length() && fits; i++) {
        char c = format.charAt(i);
        if (c == '%' && i + 1 < format.length()) {
          fits = part(format.charAt(++i));
        } else if (Character.isWhitespace(c)) {
          blanks();
        } else {
          fits = at < text.length() && text.charAt(at++) == c;
        }
      }
      return fits;
    }

    private void blanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private boolean part(char code) {
      return switch (code) {
        case 'Y' -> (year = number(4)) >= 0;
        case 'm' -> (month = number(2)) >= 1;
        case 'd', 'e' -> (day = number(2)) >= 1;
        case 'H', 'k' -> (hour = number(2)) >= 0 && hour < 24;
        case 'I', 'l' -> (hour = number(2)) >= 1 && (twelve = hour <= 12);
        case 'M' -> (minute = number(2)) >= 0;
        case 'S' -> (second = number(2)) >= 0 && second <= 60;
        case 'j' -> (yearDay = number(3)) >= 1;
        case 'y' -> {
          int short2 = number(2);
          year = short2 < 69 ? 2000 + short2 : 1900 + short2;
          yield short2 >= 0;
        }
        case 'p', 'P' -> {
          int half = name(List.of("am", "pm"), 2);
          afternoon = half == 1;
          yield half >= 0;
        }
        case 'B', 'b', 'h' -> (month = 1 + name(MONTHS, 3)) >= 1;
        case 'A', 'a' -> name(DAYS, 3) >= 0;
        case 'u', 'w' -> number(1) >= 0;
        case 's' -> {
          int seconds = number(10);
          epoch = (long) seconds;
          yield seconds >= 0;
        }
        case 'Z' -> zoneName();
        case 'z' -> zone();
        case 'T' -> fits("%H:%M:%S");
        case 'R' -> fits("%H:%M");
        case 'r' -> fits("%I:%M:%S %p");
        case 'D' -> fits("%m/%d/%y");
        case 'F' -> fits("%Y-%m-%d");
        case 'c' -> fits("%a %b %e %H:%M:%S %Y");
        case 'n', 't' -> {
          blanks();
          yield true;
        }
        case '%' -> at < text.length() && text.charAt(at++) == '%';
        default -> false;
      };
    }

    /// A number of at most so many digits, or -1.
    private int number(int digits) {
      blanks();
      int start = at;
      long value = 0;
      while (at < text.length() && at < start + digits && isDigit(text.charAt(at))) {
        value = value * 10 + (text.charAt(at++) - '0');
      }
      return at == start || value > Integer.MAX_VALUE ? -1 : (int) value;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    /// Which of the names comes next, in full or by its first letters, or -1.
    private int name(List<String> names, int letters) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        for (int length : new int[] {name.length(), letters}) {
          if (text.regionMatches(true, at, name, 0, length)) {
            at += length;
            return i;
          }
        }
      }
      return -1;
    }

    private boolean zoneName() {
      int start = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      return at > start;
    }

    /// `Z`, `+hh`, `+hhmm` or `+hh:mm`. It is read and, as by jq, not applied.
    private boolean zone() {
      if (at < text.length() && text.charAt(at) == 'Z') {
        at++;
        return true;
      }
      if (at == text.length() || (text.charAt(at) != '+' && text.charAt(at) != '-')) {
        return false;
      }
      at++;
      offsetMinutes = 60 * number(2);
      if (at < text.length() && text.charAt(at) == ':') {
        at++;
      }
      if (at < text.length() && isDigit(text.charAt(at))) {
        offsetMinutes += number(2);
      }
      return offsetMinutes >= 0;
    }
  }
}
