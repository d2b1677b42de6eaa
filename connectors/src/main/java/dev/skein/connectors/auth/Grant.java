package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a token is asked for with.
///
/// @param parameters of the token request, those that only this grant has
record Grant(
    String type, Map<String, String> parameters, List<String> scopes, List<String> audiences) {
  static final String REFRESH_TOKEN = "refresh_token";

  private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  static Grant of(Properties of) throws HttpCallException {
    String type = of.required("grant");
    return new Grant(type, parameters(type, of), of.list("scopes"), of.list("audiences"));
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

  void addTo(ObjectNode request) {
    request.put("grant_type", type);
    parameters.forEach(request::put);
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
