package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An authentication policy, all expressions and secrets in it evaluated: one of the language, or
/// one that only `skein.yaml` knows. Equal policies share tokens, challenges and connections. No
/// `toString` shows a secret.
sealed interface Policy
    permits Policy.Basic,
        Policy.Bearer,
        Policy.Digest,
        Policy.OAuth2,
        ApiKey,
        Hmac,
        SigV4,
        MutualTls {
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

  /// The certificate of a policy; null if it has none. It may stand beside another scheme.
  static @Nullable MutualTls certificate(JsonNode policy) throws HttpCallException {
    JsonNode mtls = policy.path("mtls");
    return mtls.isMissingNode() ? null : (MutualTls) of("mtls", mtls);
  }

  /// The scheme of a policy: the certificate only where there is no other.
  ///
  /// @param policy an object with one of the names of the schemes
  static Policy of(JsonNode policy) throws HttpCallException {
    MutualTls certificate = certificate(policy);
    for (Map.Entry<String, JsonNode> scheme : policy.properties()) {
      Policy read = scheme.getKey().equals("mtls") ? null : of(scheme.getKey(), scheme.getValue());
      if (read != null) {
        return read;
      }
    }
    if (certificate != null) {
      return certificate;
    }
    throw HttpCallException.configuration(
        "The authentication names none of basic, bearer, digest, oauth2, oidc, apiKey, hmac, sigv4"
            + " and mtls");
  }

  /// Null for a name that neither the language nor Skein defines yet.
  private static @Nullable Policy of(String scheme, JsonNode written) throws HttpCallException {
    if (!(written instanceof ObjectNode properties)) {
      throw HttpCallException.configuration(
          "The authentication '%s' is not an object".formatted(scheme));
    }
    Properties of = new Properties(scheme, properties);
    return switch (scheme) {
      case "basic" -> new Basic(of.required("username"), of.required("password"));
      case "bearer" -> new Bearer(of.required("token"));
      case "digest" -> new Digest(of.required("username"), of.required("password"));
      case "oauth2" -> OAuth2.of(of, false);
      case "oidc" -> OAuth2.of(of, true);
      case "apiKey" -> ApiKey.of(of);
      case "hmac" -> Hmac.of(of);
      case "sigv4" -> SigV4.of(of);
      case "mtls" -> MutualTls.of(of);
      default -> null;
    };
  }
}
