package dev.skein.connectors.http;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a connection leads to: connections are shared by the calls of one origin.
///
/// @param host without the brackets of an IPv6 literal
public record Origin(boolean secure, String host, int port) {
  // java.net.URI knows no host with an underscore, but Docker networks do
  private static final Pattern LOOSE_AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

  public static Origin of(URI uri) throws HttpCallException {
    String scheme = uri.getScheme();
    if (scheme == null) {
      throw HttpCallException.configuration(
          "The URI %s has no scheme; write http://… or https://…".formatted(shown(uri)));
    }
    boolean secure =
        switch (scheme.toLowerCase(Locale.ROOT)) {
          case "http" -> false;
          case "https" -> true;
          default ->
              throw HttpCallException.configuration(
                  "The scheme %s is not supported; only http and https are".formatted(scheme));
        };
    if (uri.getRawUserInfo() != null) {
      throw HttpCallException.configuration(
          "The URI holds credentials; put them into the endpoint's authentication instead");
    }
    Origin origin = located(uri, secure);
    if (origin == null || origin.port < 1 || origin.port > 65_535) {
      throw HttpCallException.configuration(
          "The URI %s names no valid host and port".formatted(shown(uri)));
    }
    return origin;
  }

  private static @Nullable Origin located(URI uri, boolean secure) {
    int defaultPort = secure ? 443 : 80;
    String host = uri.getHost();
    if (host != null) {
      int port = uri.getPort() == -1 ? defaultPort : uri.getPort();
      return new Origin(
          secure, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }
    Matcher loose =
        LOOSE_AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
    if (!loose.matches()) {
      return null;
    }
    String port = loose.group(2);
    return new Origin(secure, loose.group(1), port == null ? defaultPort : Integer.parseInt(port));
  }

  /// The value of the `Host` header: the port only where it isn't the scheme's own.
  public String authority() {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return port == (secure ? 443 : 80) ? bracketed : bracketed + ":" + port;
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }

  /// Without user info and query, where secrets hide.
  private static String shown(URI uri) {
    return "'%s%s'"
        .formatted(
            uri.getHost() == null ? "" : uri.getHost(),
            uri.getRawPath() == null ? "" : uri.getRawPath());
  }
}
