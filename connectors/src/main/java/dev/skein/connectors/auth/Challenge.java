package dev.skein.connectors.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One challenge of a `WWW-Authenticate` header (RFC 9110, 11.6.1).
///
/// @param parameters by name without regard to case
record Challenge(String scheme, Map<String, String> parameters) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
  // possessive: a hostile header must not make the matcher try all ways
  private static final Pattern PART =
      Pattern.compile(
          "[\\s,=]*+(?:(%s)\\s*+=\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|(%s))|(%s))"
              .formatted(TOKEN, TOKEN, TOKEN));
  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

  /// All challenges that can be read, in the server's order. Servers send several in one header or
  /// in several, which are joined by commas.
  static List<Challenge> parse(String header) {
    List<Challenge> challenges = new ArrayList<>();
    Matcher part = PART.matcher(header);
    while (part.lookingAt()) {
      if (part.group(4) != null) {
        challenges.add(
            new Challenge(
                part.group(4).toLowerCase(Locale.ROOT),
                new TreeMap<>(String.CASE_INSENSITIVE_ORDER)));
      } else if (!challenges.isEmpty()) {
        String value =
            part.group(3) != null ? part.group(3) : ESCAPE.matcher(part.group(2)).replaceAll("$1");
        challenges.getLast().parameters().put(part.group(1), value);
      }
      part.region(part.end(), header.length());
    }
    return challenges;
  }

  @Nullable String parameter(String name) {
    return parameters.get(name);
  }
}
