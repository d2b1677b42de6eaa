package dev.skein.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads authentications of the language where they are written out.
final class AuthenticationReader {
  static final List<String> SCHEMES = List.of("basic", "bearer", "digest", "oauth2", "oidc");
  private static final List<String> GRANTS =
      List.of(
          "authorization_code",
          "client_credentials",
          "password",
          "refresh_token",
          "urn:ietf:params:oauth:grant-type:token-exchange");
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final List<String> CLIENTS =
      List.of(
          "client_secret_basic",
          "client_secret_post",
          "client_secret_jwt",
          "private_key_jwt",
          "none");
  private static final List<String> ENCODINGS =
      List.of("application/x-www-form-urlencoded", "application/json");

  private final Values values;
  private final Reports reports;
  private final List<String> secrets;
  private final boolean ofSettings;
  private final List<String> grants;

  private AuthenticationReader(Values values, List<String> secrets, boolean ofSettings) {
    this.values = values;
    this.secrets = secrets;
    this.reports = values.reports();
    this.ofSettings = ofSettings;
    this.grants =
        ofSettings ? Stream.concat(GRANTS.stream(), Stream.of(JWT_BEARER)).toList() : GRANTS;
  }

  /// @param secrets the names under `use.secrets`
  static AuthenticationReader ofWorkflow(Values values, List<String> secrets) {
    return new AuthenticationReader(values, secrets, false);
  }

  /// One that also knows what the language has no words for: tokens that are asked for with a JWT
  /// signed here.
  static AuthenticationReader ofSettings(Values values, List<String> secrets) {
    return new AuthenticationReader(values, secrets, true);
  }

  /// Reads one of `use.authentications`, which may hold more than the language says: there, a
  /// scheme that is broken does not count beside one that is not.
  ///
  /// @return the policy as written; what it takes from a secret stays `{use: SECRET}`
  @Nullable JsonNode sharedAuthentication(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    int sound = 0;
    List<Diagnostic> found = new ArrayList<>();
    for (String scheme : SCHEMES) {
      At configuration = fields.optional(scheme);
      if (configuration != null) {
        List<Diagnostic> wrong = reports.apart(() -> scheme(scheme, configuration));
        sound += wrong.stream().noneMatch(AuthenticationReader::breaksSchema) ? 1 : 0;
        found.addAll(wrong);
      }
    }
    fields.closeOpen();
    boolean oneSound = sound == 1;
    found.removeIf(wrong -> oneSound && breaksSchema(wrong));
    reports.addAll(found);
    countSchemes(sound == 1 ? Code.AUTHENTICATION : Code.SHAPE, fields);
    return at.yaml().json();
  }

  private static boolean breaksSchema(Diagnostic diagnostic) {
    return diagnostic.code().origin() == Code.Origin.SCHEMA;
  }

  /// Reads an authentication where it is used.
  @Nullable JsonNode authentication(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    for (String scheme : SCHEMES) {
      At configuration = fields.optional(scheme);
      if (configuration != null) {
        scheme(scheme, configuration);
      }
    }
    fields.close();
    countSchemes(Code.SHAPE, fields);
    return at.yaml().json();
  }

  private void countSchemes(Code several, Fields fields) {
    long given = SCHEMES.stream().filter(fields::has).count();
    if (given > 1) {
      reports.add(several, fields.at(), "an authentication must have one scheme", null);
    } else if (given == 0) {
      String known = String.join(", ", SCHEMES);
      String message = "an authentication must have a scheme";
      reports.add(Code.SHAPE, fields.at(), message, "write one of " + known);
    }
  }

  void scheme(String scheme, At at) {
    scheme(at, fields -> properties(scheme, fields));
  }

  /// @param properties reads what is written out, where it is not taken whole from a secret
  void scheme(At at, Consumer<Fields> properties) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return;
    }
    if (fields.has("use")) {
      secret(fields.required("use"));
    } else {
      properties.accept(fields);
    }
    fields.close();
  }

  private void secret(@Nullable At use) {
    String secret = values.string(use);
    if (use == null || secret == null || secrets.contains(secret)) {
      return;
    }
    if (secret.isEmpty()) {
      reports.add(Code.FORMAT, use, "'use' must name a secret", null);
      return;
    }
    String hint = Suggestions.hint(secret, secrets);
    String message = "the secret '" + secret + "' is not declared";
    reports.add(Code.REFERENCE, use, message, hint == null ? Expressions.DECLARE : hint);
  }

  private void properties(String scheme, Fields fields) {
    switch (scheme) {
      case "basic", "digest" -> {
        var _ = values.templateString(fields.required("username"));
        var _ = values.templateString(fields.required("password"));
      }
      case "bearer" -> {
        var _ = values.templateString(fields.required("token"));
      }
      default -> oauth(scheme, fields);
    }
  }

  private void oauth(String scheme, Fields fields) {
    var _ = values.uri(fields.required("authority"));
    var _ = values.oneOf(fields.required("grant"), grants, "client_credentials");
    Fields client = values.fields(fields.optional("client"));
    if (client != null) {
      for (String text : List.of("id", "secret", "assertion")) {
        var _ = values.templateString(client.optional(text));
      }
      var _ = values.oneOf(client.optional("authentication"), CLIENTS, "client_secret_post");
      for (String text : ofSettings ? List.of("key", "keyId") : List.<String>of()) {
        var _ = values.templateString(client.optional(text));
      }
      client.close();
    }
    Fields request = values.fields(fields.optional("request"));
    if (request != null) {
      var _ = values.oneOf(request.optional("encoding"), ENCODINGS, ENCODINGS.getFirst());
      request.closeOpen();
    }
    for (String list : List.of("issuers", "scopes", "audiences")) {
      var _ = values.strings(fields.optional(list));
    }
    for (String text : List.of("username", "password")) {
      var _ = values.templateString(fields.optional(text));
    }
    for (String token : List.of("subject", "actor")) {
      Fields described = values.fields(fields.optional(token));
      if (described != null) {
        var _ = values.templateString(described.required("token"));
        var _ = values.templateString(described.required("type"));
        described.close();
      }
    }
    Fields assertion = ofSettings ? values.fields(fields.optional("assertion")) : null;
    if (assertion != null) {
      assertion(assertion);
    }
    if (scheme.equals("oauth2")) {
      endpoints(values.fields(fields.optional("endpoints")));
    }
  }

  private void endpoints(@Nullable Fields endpoints) {
    if (endpoints != null) {
      for (String endpoint : List.of("token", "revocation", "introspection")) {
        var _ = values.uriTemplate(endpoints.optional(endpoint));
      }
      endpoints.closeOpen();
    }
  }

  private void assertion(Fields assertion) {
    for (String text : List.of("issuer", "key")) {
      var _ = values.templateString(assertion.required(text));
    }
    for (String text : List.of("keyId", "subject", "audience")) {
      var _ = values.templateString(assertion.optional(text));
    }
    var _ = values.objectTemplate(assertion.optional("claims"));
    assertion.close();
  }
}
