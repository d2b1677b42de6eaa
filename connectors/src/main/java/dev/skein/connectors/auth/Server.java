package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Who gives out tokens.
///
/// @param endpoints null if the authority's OpenID configuration tells them
record Server(URI authority, @Nullable Endpoints endpoints) {
  private static final String CONFIGURATION = "/.well-known/openid-configuration";

  /// @param revocation null if the server has none
  /// @param introspection null if the server has none
  record Endpoints(URI token, @Nullable URI revocation, @Nullable URI introspection) {}

  static Server of(Properties of, boolean discovered) throws HttpCallException {
    URI authority = uri(of, "authority", of.required("authority"));
    if (discovered) {
      return new Server(authority, null);
    }
    return new Server(
        authority,
        new Endpoints(
            endpoint(of, authority, "token", "/oauth2/token"),
            endpoint(of, authority, "revocation", "/oauth2/revoke"),
            endpoint(of, authority, "introspection", "/oauth2/introspect")));
  }

  /// Where the OpenID configuration is, whether or not the authority names it itself.
  URI configuration() {
    String text = withoutSlash(authority);
    return text.endsWith(CONFIGURATION) ? authority : URI.create(text + CONFIGURATION);
  }

  /// An endpoint's path goes on where the authority's ends: an authority is often one realm of
  /// many.
  private static URI endpoint(Properties of, URI authority, String name, String fallback)
      throws HttpCallException {
    String written = of.optional("endpoints." + name);
    String path = written == null ? fallback : written;
    if (path.startsWith("http://") || path.startsWith("https://")) {
      return uri(of, "endpoints." + name, path);
    }
    String separator = path.startsWith("/") ? "" : "/";
    return uri(of, "endpoints." + name, withoutSlash(authority) + separator + path);
  }

  private static URI uri(Properties of, String name, String text) throws HttpCallException {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw HttpCallException.configuration(
          "'%s' of the authentication '%s' is not a URI".formatted(name, of.scheme()));
    }
  }

  private static String withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
