package dev.skein.interpreter.expression;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rewrites a regular expression from Oniguruma's Perl notation into Java's. Owned by one
/// compilation.
///
/// What differs: names of groups may hold `_`, `(?P<n>…)` is a named group too, `\h` is a plain
/// `h`, `[:alpha:]` and `\p{Han}` are spelt differently, a `{` that repeats nothing stands for
/// itself, and so do `[`, `&&`, spaces and `#` inside a class.
final class RegexSyntax {
  private static final List<String> POSIX =
      List.of(
          "Alnum", "Alpha", "ASCII", "Blank", "Cntrl", "Digit", "Graph", "Lower", "Print", "Space",
          "Upper", "XDigit");

  private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?P?<([A-Za-z_]\\w*)>");
  private static final Pattern BACK_REFERENCE = Pattern.compile("\\\\k<([A-Za-z_]\\w*)>");
  private static final Pattern PROPERTY = Pattern.compile("\\\\([pP])\\{(\\^?)(\\w+)}");
  private static final Pattern POSIX_CLASS = Pattern.compile("\\[:(\\^?)(\\w+):]");
  private static final Pattern REPETITION = Pattern.compile("\\{\\d+(?:,\\d*)?}");

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private final Map<String, String> originals = new HashMap<>();
  private final Map<String, String> renamed = new HashMap<>();
  private int at;

  RegexSyntax(String source) {
    this.source = source;
  }

  /// The names of the groups as written, by the names they have in the translation.
  Map<String, String> groupNames() {
    return originals;
  }

  String translated() {
    while (at < source.length()) {
      switch (source.charAt(at)) {
        case '\\' -> escape();
        case '[' -> characterClass();
        case '(' -> group();
        case '{' -> copy(found(REPETITION) == null ? "\\{" : "{", 1);
        default -> copy(1);
      }
    }
    return out.toString();
  }

  private void copy(int length) {
    out.append(source, at, Math.min(at + length, source.length()));
    at += length;
  }

  private void copy(String replacement, int length) {
    out.append(replacement);
    at += length;
  }

  /// The pattern's match that begins here, or null.
  private @Nullable Matcher found(Pattern pattern) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    return matcher.lookingAt() ? matcher : null;
  }

  private void escape() {
    Matcher reference = found(BACK_REFERENCE);
    Matcher property = found(PROPERTY);
    if (source.startsWith("\\Q", at)) {
      int end = source.indexOf("\\E", at);
      copy(end < 0 ? source.length() - at : end + 2 - at);
    } else if (reference != null && renamed.containsKey(reference.group(1))) {
      copy("\\k<" + renamed.get(reference.group(1)) + ">", reference.group().length());
    } else if (property != null) {
      boolean negated = property.group(1).equals("P") != property.group(2).equals("^");
      copy(property(negated, property.group(3)), property.group().length());
    } else if (source.startsWith("\\h", at) || source.startsWith("\\H", at)) {
      copy(source.substring(at + 1, at + 2), 2);
    } else {
      copy(2);
    }
  }

  private void group() {
    Matcher named = found(NAMED_GROUP);
    if (named == null) {
      copy(1);
      return;
    }
    String fresh = "g" + originals.size() + "n";
    originals.put(fresh, named.group(1));
    renamed.put(named.group(1), fresh);
    copy("(?<" + fresh + ">", named.group().length());
  }

  private void characterClass() {
    copy(1);
    if (source.startsWith("^", at)) {
      copy(1);
    }
    boolean first = true;
    while (at < source.length() && (first || source.charAt(at) != ']')) {
      Matcher posix = found(POSIX_CLASS);
      if (posix != null) {
        copy(property(!posix.group(1).isEmpty(), posix.group(2)), posix.group().length());
      } else {
        switch (source.charAt(at)) {
          case '\\' -> escape();
          case '[', ']', '&', ' ', '#' -> copy("\\" + source.charAt(at), 1);
          default -> copy(1);
        }
      }
      first = false;
    }
    copy(1);
  }

  private static String property(boolean negated, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("word")) {
      return negated ? "\\W" : "\\w";
    }
    if (lower.equals("punct")) {
      return negated ? "[^\\p{P}\\p{S}]" : "[\\p{P}\\p{S}]";
    }
    String known = name;
    for (String posix : POSIX) {
      if (posix.toLowerCase(Locale.ROOT).equals(lower)) {
        known = posix;
      }
    }
    boolean category = name.length() <= 2 || POSIX.contains(known);
    return (negated ? "\\P{" : "\\p{") + (category ? "" : "Is") + known + "}";
  }
}
