package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An authentication policy of the language, all expressions and secrets in it evaluated. Equal
/// policies share tokens and challenges. No `toString` shows a secret.
sealed interface Policy {
  record Basic(String username, String password) implements Policy {
    @Override
    public String toString() {
      return "Basic[" + username + "]";
    }
  }

  record Bearer(String token) implements Policy {
    @Override
    public String toString() {
      return "Bearer[***]";
    }
  }

  record Digest(String username, String password) implements Policy {
    @Override
    public String toString() {
      return "Digest[" + username + "]";
    }
  }

  /// `oauth2` or `oidc`.
  ///
  /// @param issuers those that a token may come from; empty for any
  /// @param json whether token requests are JSON instead of a form
  record OAuth2(Server server, Client client, Grant grant, List<String> issuers, boolean json)
      implements Policy {
    private static final String JSON = "application/json";

    static OAuth2 of(Properties of, boolean discovered) throws HttpCallException {
      String encoding = of.optional("request.encoding");
      if (encoding != null && !encoding.equals(JSON) && !encoding.equals(FORM)) {
        throw HttpCallException.configuration(
            "'request.encoding' of the authentication '%s' is neither %s nor %s"
                .formatted(of.scheme(), FORM, JSON));
      }
      return new OAuth2(
          Server.of(of, discovered),
          Client.of(of),
          Grant.of(of),
          of.list("issuers"),
          JSON.equals(encoding));
    }
  }

  String FORM = "application/x-www-form-urlencoded";

  /// @param policy an object with one of the names of the schemes
  static Policy of(JsonNode policy) throws HttpCallException {
    for (Map.Entry<String, JsonNode> scheme : policy.properties()) {
      if (!(scheme.getValue() instanceof ObjectNode properties)) {
        throw HttpCallException.configuration(
            "The authentication '%s' is not an object".formatted(scheme.getKey()));
      }
      Properties of = new Properties(scheme.getKey(), properties);
      switch (scheme.getKey()) {
        case "basic" -> {
          return new Basic(of.required("username"), of.required("password"));
        }
        case "bearer" -> {
          return new Bearer(of.required("token"));
        }
        case "digest" -> {
          return new Digest(of.required("username"), of.required("password"));
        }
        case "oauth2" -> {
          return OAuth2.of(of, false);
        }
        case "oidc" -> {
          return OAuth2.of(of, true);
        }
        default -> {
          // a name the language does not define yet
        }
      }
    }
    throw HttpCallException.configuration(
        "The authentication names none of basic, bearer, digest, oauth2 and oidc");
  }
}
