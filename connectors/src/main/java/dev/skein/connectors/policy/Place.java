package dev.skein.connectors.policy;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What of an address declarations speak of, in the one form that all ways to write it have in
/// common (RFC 3986, section 6.2.2).
///
/// @param host in small letters; empty if there is none
/// @param port the scheme's own where none is written
/// @param path without `.` and `..`, and nothing escaped that need not be
record Place(String host, int port, String path) {
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[^@]*@)?(\\[[^]]*]|[^:]*)(?::([0-9]{1,5}))?");
  private static final Pattern ESCAPED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final int HEX = 16;
  private static final int ASCII = 0x80;

  static Place of(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    Matcher parts = AUTHORITY.matcher(authority);
    boolean known = parts.matches();
    String host = known ? parts.group(1).toLowerCase(Locale.ROOT) : "";
    String port = known ? parts.group(2) : null;
    return new Place(
        host.endsWith(".") ? host.substring(0, host.length() - 1) : host,
        port == null ? usual(uri) : Integer.parseInt(port),
        path(uri));
  }

  private static int usual(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static String path(URI uri) {
    String path = uri.getRawPath();
    if (path == null || path.isEmpty()) {
      return "/";
    }
    String plain = path.contains("%") ? ESCAPED.matcher(path).replaceAll(Place::shortest) : path;
    return plain.contains("/.") ? resolved(plain) : plain;
  }

  private static String shortest(MatchResult escaped) {
    char character = (char) Integer.parseInt(escaped.group(1), HEX);
    boolean unreserved =
        character < ASCII
            && (Character.isLetterOrDigit(character) || "-._~".indexOf(character) >= 0);
    return unreserved
        ? Matcher.quoteReplacement(String.valueOf(character))
        : escaped.group().toUpperCase(Locale.ROOT);
  }

  private static String resolved(String path) {
    var kept = new ArrayDeque<String>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean up = segments[i].equals("..");
      if (up) {
        kept.pollLast();
      }
      if (!up && !segments[i].equals(".")) {
        kept.add(segments[i]);
      } else if (i == segments.length - 1) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }
}
