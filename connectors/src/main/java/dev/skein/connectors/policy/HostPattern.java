package dev.skein.connectors.policy;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hosts of one name, or under one: `pay.example.com`, `*.example.com`, either with a port.
///
/// @param name in small letters, without the star but with the dot after it
/// @param port -1 for any
record HostPattern(boolean open, String name, int port) {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(\\*(?=\\.))?((?:(?<=\\*)\\.)?[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])"
              + "(?::([0-9]{1,5}))?");

  /// The exact one first, then the longer name, then the one that says the port.
  static final Comparator<HostPattern> BY_SPECIFICITY =
      Comparator.comparing((HostPattern host) -> !host.open)
          .thenComparingInt(host -> host.name.length())
          .thenComparing(host -> host.port != -1);

  /// @throws IllegalArgumentException if it is no such pattern
  static HostPattern of(String text) {
    Matcher parts = parts(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no host");
    }
    String port = parts.group(3);
    return new HostPattern(
        parts.group(1) != null, parts.group(2), port == null ? -1 : Integer.parseInt(port));
  }

  static boolean isHost(String text) {
    return parts(text).matches();
  }

  private static Matcher parts(String text) {
    return SYNTAX.matcher(text.toLowerCase(Locale.ROOT));
  }

  boolean fits(Place place) {
    return (port == -1 || port == place.port())
        && (open ? place.host().endsWith(name) : place.host().equals(name));
  }

  /// Whether there is a host that fits both.
  boolean meets(HostPattern other) {
    if (port != -1 && other.port != -1 && port != other.port) {
      return false;
    }
    if (open && other.open) {
      return name.endsWith(other.name) || other.name.endsWith(name);
    }
    return open
        ? other.name.endsWith(name)
        : other.open ? name.endsWith(other.name) : name.equals(other.name);
  }
}
