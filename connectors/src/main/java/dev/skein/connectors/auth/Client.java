package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.HttpCallException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Who asks for a token, and how it proves to be that client.
record Client(
    Authentication authentication,
    @Nullable String id,
    @Nullable String secret,
    @Nullable String assertion,
    Jwt.@Nullable Key key) {

  enum Authentication {
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    CLIENT_SECRET_JWT,
    PRIVATE_KEY_JWT,
    NONE
  }

  private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  static Client of(Properties of) throws HttpCallException {
    if (!of.has("client")) {
      return new Client(Authentication.NONE, null, null, null, null);
    }
    Authentication authentication = authentication(of);
    String id =
        authentication == Authentication.NONE ? of.optional("client.id") : of.required("client.id");
    String secret = of.optional("client.secret");
    String assertion = of.optional("client.assertion");
    Jwt.Key key = null;
    switch (authentication) {
      case CLIENT_SECRET_BASIC -> of.required("client.secret");
      case CLIENT_SECRET_JWT -> {
        if (assertion == null) {
          key = new Jwt.Key.Shared(of.required("client.secret"));
        }
      }
      case PRIVATE_KEY_JWT -> {
        key = Jwt.Key.of(of, "client");
        if (key == null) {
          of.required("client.assertion");
        }
      }
      // a public client sends its id alone
      case CLIENT_SECRET_POST, NONE -> {}
    }
    return new Client(authentication, id, secret, assertion, key);
  }

  private static Authentication authentication(Properties of) throws HttpCallException {
    String named = of.optional("client.authentication");
    if (named == null) {
      return Authentication.CLIENT_SECRET_POST;
    }
    try {
      return Authentication.valueOf(named.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw HttpCallException.configuration(
          "The client authentication '" + named + "' is not known");
    }
  }

  /// Adds the proof to a request's parameters, or returns it as its header.
  ///
  /// @param audience who the proof is for: the token endpoint
  @Nullable Credentials prove(ObjectNode request, URI audience, Instant now) {
    if (authentication == Authentication.CLIENT_SECRET_BASIC) {
      // encoded as in a form before they are joined (RFC 6749, 2.3.1)
      return new Credentials.Basic(encoded(id), encoded(secret));
    }
    if (id != null) {
      request.put("client_id", id);
    }
    switch (authentication) {
      case CLIENT_SECRET_POST -> {
        if (secret != null) {
          request.put("client_secret", secret);
        }
      }
      case CLIENT_SECRET_JWT, PRIVATE_KEY_JWT -> {
        request.put("client_assertion_type", JWT_BEARER);
        request.put("client_assertion", key == null ? assertion : signed(key, audience, now));
      }
      case CLIENT_SECRET_BASIC, NONE -> {}
    }
    return null;
  }

  /// A JWT that names this client (RFC 7523, 2.2).
  private String signed(Jwt.Key with, URI audience, Instant now) {
    String name = Objects.requireNonNull(id);
    return Jwt.signed(Jwt.claims(name, name, audience, now), with);
  }

  private static String encoded(@Nullable String text) {
    return text == null ? "" : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Client[" + id + ", " + authentication + "]";
  }
}
