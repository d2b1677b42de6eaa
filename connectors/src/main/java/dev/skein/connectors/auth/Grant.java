package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// What a token is asked for with.
///
/// @param parameters of the token request, those that only this grant has
/// @param assertion what is signed anew for each request; null if nothing is
record Grant(
    String type,
    Map<String, String> parameters,
    @Nullable Assertion assertion,
    List<String> scopes,
    List<String> audiences) {
  static final String REFRESH_TOKEN = "refresh_token";

  private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  /// Says for whom a token is asked (RFC 7523, 2.1).
  ///
  /// @param audience null for the token endpoint
  /// @param claims further ones
  record Assertion(
      String issuer,
      @Nullable String subject,
      @Nullable String audience,
      Jwt.Key key,
      ObjectNode claims) {
    static Assertion of(Properties of) throws HttpCallException {
      Jwt.Key key = Jwt.Key.of(of, "assertion");
      if (key == null) {
        of.required("assertion.key");
      }
      return new Assertion(
          of.required("assertion.issuer"),
          of.optional("assertion.subject"),
          of.optional("assertion.audience"),
          Objects.requireNonNull(key),
          claims(of));
    }

    private static ObjectNode claims(Properties of) throws HttpCallException {
      return switch (of.json().at("/assertion/claims")) {
        case ObjectNode claims -> claims;
        case MissingNode _ -> JsonNodeFactory.instance.objectNode();
        default ->
            throw HttpCallException.configuration(
                "'assertion.claims' of the authentication '%s' is not an object"
                    .formatted(of.scheme()));
      };
    }

    String signed(URI endpoint, Instant now) {
      URI reader = audience == null ? endpoint : URI.create(audience);
      ObjectNode all = Jwt.claims(issuer, subject, reader, now);
      claims.properties().forEach(claim -> all.set(claim.getKey(), claim.getValue()));
      return Jwt.signed(all, key);
    }

    @Override
    public String toString() {
      return "Assertion[" + issuer + ", " + subject + "]";
    }
  }

  static Grant of(Properties of) throws HttpCallException {
    String type = of.required("grant");
    boolean asserts = type.equals(JWT_BEARER) && of.has("assertion");
    return new Grant(
        type,
        asserts ? Map.of() : parameters(type, of),
        asserts ? Assertion.of(of) : null,
        of.list("scopes"),
        of.list("audiences"));
  }

  private static Map<String, String> parameters(String type, Properties of)
      throws HttpCallException {
    return switch (type) {
      case "client_credentials" -> Map.of();
      case "password" ->
          Map.of("username", of.required("username"), "password", of.required("password"));
      // the language has no property of its own for these two
      case REFRESH_TOKEN -> Map.of(REFRESH_TOKEN, of.required("subject.token"));
      case JWT_BEARER -> Map.of("assertion", of.required("subject.token"));
      case TOKEN_EXCHANGE -> exchanged(of);
      case "authorization_code" ->
          throw HttpCallException.configuration(
              "The grant authorization_code needs a person at a browser, which a workflow has not;"
                  + " use refresh_token with a token that was granted before");
      default -> throw HttpCallException.configuration("The grant '" + type + "' is not known");
    };
  }

  private static Map<String, String> exchanged(Properties of) throws HttpCallException {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("subject_token", of.required("subject.token"));
    parameters.put("subject_token_type", of.required("subject.type"));
    if (of.has("actor")) {
      parameters.put("actor_token", of.required("actor.token"));
      parameters.put("actor_token_type", of.required("actor.type"));
    }
    return Map.copyOf(parameters);
  }

  /// @param endpoint that it is sent to
  void addTo(ObjectNode request, URI endpoint, Instant now) {
    request.put("grant_type", type);
    parameters.forEach(request::put);
    if (assertion != null) {
      request.put("assertion", assertion.signed(endpoint, now));
    }
    if (!scopes.isEmpty()) {
      request.put("scope", String.join(" ", scopes));
    }
    if (audiences.size() == 1) {
      request.put("audience", audiences.getFirst());
    } else if (!audiences.isEmpty()) {
      ArrayNode all = request.putArray("audience");
      audiences.forEach(all::add);
    }
  }

  @Override
  public String toString() {
    return "Grant[" + type + ", scopes=" + scopes + ", audiences=" + audiences + "]";
  }
}
