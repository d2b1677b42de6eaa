package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.HttpCallException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Who asks for a token, and how it proves to be that client.
record Client(
    Authentication authentication,
    @Nullable String id,
    @Nullable String secret,
    @Nullable String assertion) {

  enum Authentication {
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    CLIENT_SECRET_JWT,
    PRIVATE_KEY_JWT,
    NONE
  }

  private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Duration ASSERTION_LIFETIME = Duration.ofMinutes(1);

  static Client of(Properties of) throws HttpCallException {
    if (!of.has("client")) {
      return new Client(Authentication.NONE, null, null, null);
    }
    Authentication authentication = authentication(of);
    String id =
        authentication == Authentication.NONE ? of.optional("client.id") : of.required("client.id");
    String secret = of.optional("client.secret");
    String assertion = of.optional("client.assertion");
    switch (authentication) {
      case CLIENT_SECRET_BASIC -> of.required("client.secret");
      case CLIENT_SECRET_JWT -> {
        if (assertion == null) {
          of.required("client.secret");
        }
      }
      case PRIVATE_KEY_JWT -> of.required("client.assertion");
      // a public client sends its id alone
      case CLIENT_SECRET_POST, NONE -> {}
    }
    return new Client(authentication, id, secret, assertion);
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
        request.put("client_assertion", assertion == null ? signed(audience, now) : assertion);
      }
      case CLIENT_SECRET_BASIC, NONE -> {}
    }
    return null;
  }

  /// A JWT that names this client, signed with its secret (RFC 7523; HS256).
  private String signed(URI audience, Instant now) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.put("alg", "HS256").put("typ", "JWT");
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    claims.put("iss", id).put("sub", id).put("aud", audience.toString());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(ASSERTION_LIFETIME).getEpochSecond());
    String content = base64(utf8(header.toString())) + "." + base64(utf8(claims.toString()));
    return content + "." + base64(Macs.hmac("HmacSHA256", utf8(secret), utf8(content)));
  }

  private static String encoded(@Nullable String text) {
    return text == null ? "" : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(@Nullable String text) {
    return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "Client[" + id + ", " + authentication + "]";
  }
}
