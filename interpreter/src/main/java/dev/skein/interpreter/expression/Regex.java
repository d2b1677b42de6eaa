package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A regular expression in the notation of Oniguruma, run by the Java engine under the meter.
final class Regex {
  /// The JDK prepares long runs of plain characters in time that grows with their square, and does
  /// so where no meter can stop it.
  private static final int MOST_CHARACTERS = 10_000;

  private final Pattern pattern;

  /// The name of each group from 1 on, or null.
  private final @Nullable String[] names;

  private final boolean global;
  private final boolean skipsEmpty;

  private Regex(Pattern pattern, @Nullable String[] names, boolean global, boolean skipsEmpty) {
    this.pattern = pattern;
    this.names = names;
    this.global = global;
    this.skipsEmpty = skipsEmpty;
  }

  /// One group of a match; from and to count chars, and are -1 if it took no part.
  record Group(int from, int to, @Nullable String name) {}

  /// A match and its groups.
  record Match(int from, int to, List<Group> groups) {}

  static Regex compile(String source, String flags, boolean everywhere) {
    int options = Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS;
    boolean global = everywhere;
    boolean skipsEmpty = false;
    for (int i = 0; i < flags.length(); i++) {
      switch (flags.charAt(i)) {
        case 'g' -> global = true;
        case 'i' -> options |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        case 'x' -> options |= Pattern.COMMENTS;
        case 'p' -> options |= Pattern.DOTALL;
        case 'n' -> skipsEmpty = true;
        case 's', 'l' -> {
          // `^` and `$` mean the whole text anyway; the leftmost match is taken, not the longest.
        }
        default -> throw ExpressionException.evaluation(flags + " is not a valid modifier string");
      }
    }
    if (source.length() > MOST_CHARACTERS) {
      throw ExpressionException.limit(
          "a regular expression is longer than " + MOST_CHARACTERS + " characters");
    }
    RegexSyntax syntax = new RegexSyntax(source);
    try {
      Pattern pattern = Pattern.compile(syntax.translated(), options);
      Map<String, String> originals = syntax.groupNames();
      @Nullable String[] names = new @Nullable String[pattern.matcher("").groupCount() + 1];
      pattern.namedGroups().forEach((name, group) -> names[group] = originals.get(name));
      return new Regex(pattern, names, global, skipsEmpty);
    } catch (PatternSyntaxException e) {
      throw ExpressionException.evaluation(
          source + " (at offset 0) is not a valid regex: " + e.getDescription());
    } catch (StackOverflowError e) {
      throw ExpressionException.limit("the regular expression is nested too deeply", e);
    }
  }

  List<Match> matches(Meter meter, String text) {
    List<Match> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(new Watched(text, meter, 0, text.length()));
    try {
      while (matcher.find()) {
        if (skipsEmpty && matcher.end() == matcher.start()) {
          continue;
        }
        meter.chargeObject(4 + 4L * names.length);
        found.add(match(matcher));
        if (!global) {
          break;
        }
      }
    } catch (StackOverflowError e) {
      throw ExpressionException.limit("the regular expression recursed too deeply", e);
    }
    return found;
  }

  private Match match(Matcher matcher) {
    List<Group> groups = new ArrayList<>(names.length);
    for (int i = 1; i < names.length; i++) {
      groups.add(new Group(matcher.start(i), matcher.end(i), names[i]));
    }
    return new Match(matcher.start(), matcher.end(), groups);
  }

  /// A text that counts a step each time it is looked at: so backtracking meets the deadline.
  private record Watched(String text, Meter meter, int from, int to) implements CharSequence {

    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      meter.step();
      return text.charAt(from + index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Watched(text, meter, from + start, from + end);
    }

    @Override
    public String toString() {
      return text.substring(from, to);
    }
  }
}
