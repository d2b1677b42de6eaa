package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpConnector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Speaks to the endpoints of an OAuth2 or OpenID Connect server (RFC 6749, 7009, 7662).
final class TokenEndpoint {
  // for a server that does not say how long; a 401 renews it earlier
  private static final Duration UNKNOWN_LIFETIME = Duration.ofMinutes(5);
  // longer ones say nothing, and would overflow an Instant
  private static final long LONGEST_LIFETIME_SECONDS = Duration.ofDays(366).toSeconds();

  // whoever calls with a token waits for it: a server that trickles must not hold them all
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final HttpConnector http;
  private final InstantSource clock;

  /// What a request may reach, and how long it may take.
  record Limit(Egress egress, Duration time) {
    static final Limit DEFAULT = new Limit(Egress.ALSO_PRIVATE, LONGEST);

    /// Not more than the call that the token is for.
    static Limit of(HttpCall call) {
      Duration whole = call.wholeTimeout();
      Duration time = whole == null || whole.compareTo(LONGEST) > 0 ? LONGEST : whole;
      return new Limit(call.route().egress(), time);
    }

    HttpCall on(HttpCall call) {
      Duration connect = call.connectTimeout();
      return call.withRoute(new HttpCall.Route(egress, null))
          .withTimeouts(
              new HttpCall.Timeouts(connect.compareTo(time) < 0 ? connect : time, time, time));
    }
  }

  TokenEndpoint(HttpConnector http, InstantSource clock) {
    this.http = http;
    this.clock = clock;
  }

  /// @param refresh the refresh token that came last, which replaces the policy's own
  Token fetch(Policy.OAuth2 policy, @Nullable String refresh, Limit limit)
      throws HttpCallException, InterruptedException {
    Server.Endpoints endpoints = endpoints(policy.server(), limit);
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    Instant asked = clock.instant();
    policy.grant().addTo(parameters, endpoints.token(), asked);
    if (policy.grant().type().equals(Grant.REFRESH_TOKEN) && refresh != null) {
      parameters.put(Grant.REFRESH_TOKEN, refresh);
    }
    JsonNode answer =
        asked(prepared(policy, endpoints, endpoints.token(), parameters, policy.json()), limit);
    String value = answer.path("access_token").asString("");
    if (value.isEmpty()) {
      throw invalid(endpoints.token(), "answered without an access_token");
    }
    // a token exchange may answer N_A, but then it is no token to call with
    if (!answer.path("token_type").asString("Bearer").equalsIgnoreCase("Bearer")) {
      throw invalid(endpoints.token(), "gave a token of a type other than Bearer");
    }
    checkIssuer(policy, endpoints, value, limit);
    String next = answer.path("refresh_token").asString("");
    return Token.of(
        value, asked, lifetime(answer.path("expires_in")), next.isEmpty() ? refresh : next);
  }

  /// Tells the server that a token is no longer used, if it has an endpoint for that.
  void revoke(Policy.OAuth2 policy, Token token, Limit limit)
      throws HttpCallException, InterruptedException {
    Server.Endpoints endpoints = endpoints(policy.server(), limit);
    if (endpoints.revocation() != null) {
      // what it answers does not matter (RFC 7009, 2.2)
      answer(
          prepared(policy, endpoints, endpoints.revocation(), about(token.value()), false), limit);
    }
  }

  private static Duration lifetime(JsonNode expiresIn) {
    // some servers write it as a string
    long seconds = expiresIn.asLong(-1);
    return seconds < 0
        ? UNKNOWN_LIFETIME
        : Duration.ofSeconds(Math.min(seconds, LONGEST_LIFETIME_SECONDS));
  }

  private Server.Endpoints endpoints(Server server, Limit limit)
      throws HttpCallException, InterruptedException {
    if (server.endpoints() != null) {
      return server.endpoints();
    }
    URI location = server.configuration();
    var refusal = new Refusal("The OpenID configuration at " + shown(location), List.of());
    JsonNode configuration = asked(new Question(HttpCall.of("GET", location), refusal), limit);
    URI token = endpoint(location, configuration, "token_endpoint");
    if (token == null) {
      throw invalid(location, "is no OpenID configuration with a token_endpoint");
    }
    return new Server.Endpoints(
        token,
        endpoint(location, configuration, "revocation_endpoint"),
        endpoint(location, configuration, "introspection_endpoint"));
  }

  private static @Nullable URI endpoint(URI location, JsonNode configuration, String name)
      throws HttpCallException {
    String text = configuration.path(name).asString("");
    try {
      return text.isEmpty() ? null : URI.create(text);
    } catch (IllegalArgumentException e) {
      throw invalid(location, "names a " + name + " that is not a URI");
    }
  }

  /// The server is trusted to have signed what it hands out itself; only who issued it is looked
  /// at, in the token if it is a JWT and else by asking.
  private void checkIssuer(
      Policy.OAuth2 policy, Server.Endpoints endpoints, String token, Limit limit)
      throws HttpCallException, InterruptedException {
    if (policy.issuers().isEmpty()) {
      return;
    }
    JsonNode claims = claims(token);
    if (claims == null && endpoints.introspection() != null) {
      claims =
          asked(prepared(policy, endpoints, endpoints.introspection(), about(token), false), limit);
    }
    String issuer = claims == null ? "" : claims.path("iss").asString("");
    if (!policy.issuers().contains(issuer)) {
      throw Refusal.authentication(
          issuer.isEmpty()
              ? "The token from %s does not tell its issuer, but 'issuers' asks for one"
                  .formatted(shown(endpoints.token()))
              : "The token from %s was issued by %s, which is none of 'issuers'"
                  .formatted(shown(endpoints.token()), issuer));
    }
  }

  /// Null if the token is not a JWT.
  private static @Nullable JsonNode claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(parts[1].getBytes(StandardCharsets.ISO_8859_1));
      return JsonMapper.shared().readTree(json);
    } catch (IllegalArgumentException | JacksonException e) {
      return null;
    }
  }

  private static ObjectNode about(String token) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    return parameters.put("token", token).put("token_type_hint", "access_token");
  }

  /// A request to an endpoint, and how to tell that it was refused.
  private record Question(HttpCall call, Refusal refusal) {}

  private Question prepared(
      Policy.OAuth2 policy,
      Server.Endpoints endpoints,
      URI uri,
      ObjectNode parameters,
      boolean json) {
    Credentials credentials = policy.client().prove(parameters, endpoints.token(), clock.instant());
    String encoding = json ? "application/json" : Policy.FORM;
    HttpCall call =
        HttpCall.of("POST", uri)
            .withHeaders(Map.of("Accept", "application/json", "Content-Type", encoding))
            .withBody(parameters)
            .withCredentials(credentials);
    return new Question(
        call, new Refusal("The endpoint " + shown(uri), secrets(policy, parameters)));
  }

  /// All that must not come back in a server's sentence.
  private static List<String> secrets(Policy.OAuth2 policy, ObjectNode parameters) {
    List<String> secrets = new ArrayList<>();
    if (policy.client().secret() != null) {
      secrets.add(policy.client().secret());
    }
    for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
      if (Refusal.isSecret(parameter.getKey())) {
        secrets.add(parameter.getValue().asString());
      }
    }
    return secrets;
  }

  private JsonNode asked(Question question, Limit limit)
      throws HttpCallException, InterruptedException {
    byte[] bytes = answer(question, limit);
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(bytes);
    } catch (JacksonException e) {
      // without its cause, whose message may quote a token
      throw invalid(question.call().uri(), "answered with something that is not JSON");
    }
    // some servers refuse with status 200
    if (json.path("error").isString()) {
      throw question.refusal().refused(json);
    }
    return json;
  }

  private byte[] answer(Question question, Limit limit)
      throws HttpCallException, InterruptedException {
    try {
      JsonNode base64 = http.send(limit.on(question.call()).withOutput(HttpCall.Output.RAW));
      return Base64.getDecoder().decode(base64.asString());
    } catch (HttpCallException e) {
      throw question.refusal().failure(e);
    }
  }

  private static HttpCallException invalid(URI uri, String what) {
    return new HttpCallException(
        Failure.of(Kind.COMMUNICATION, 500, "Invalid answer", shown(uri) + " " + what, false),
        null);
  }

  /// Without the query, where secrets hide.
  private static String shown(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
  }
}
