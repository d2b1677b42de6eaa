package dev.skein.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads timeouts, retry policies, errors and authentications where they are written out.
final class PolicyReader {
  private static final List<String> BACKOFFS = List.of("constant", "linear", "exponential");
  static final List<String> SCHEMES = List.of("basic", "bearer", "digest", "oauth2", "oidc");
  private static final List<String> GRANTS =
      List.of(
          "authorization_code",
          "client_credentials",
          "password",
          "refresh_token",
          "urn:ietf:params:oauth:grant-type:token-exchange");
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

  /// @param secrets the names under `use.secrets`
  PolicyReader(Values values, List<String> secrets) {
    this.values = values;
    this.secrets = secrets;
    this.reports = values.reports();
  }

  @Nullable Timeout timeout(At at) {
    Fields fields = values.fields(at, "an object or a name");
    if (fields == null) {
      return null;
    }
    JsonNode after = values.duration(fields.required("after"));
    fields.close();
    return after == null ? null : new Timeout(after);
  }

  @Nullable RetryPolicy retry(At at) {
    Fields fields = values.fields(at, "an object or a name");
    if (fields == null) {
      return null;
    }
    String when = values.expression(fields.optional("when"));
    String exceptWhen = values.expression(fields.optional("exceptWhen"));
    JsonNode delay = values.duration(fields.optional("delay"));
    Backoff backoff = backoff(fields.optional("backoff"));
    Limit limit = limit(fields.optional("limit"));
    Fields jitter = values.fields(fields.optional("jitter"));
    JsonNode from = jitter == null ? null : values.duration(jitter.required("from"));
    JsonNode to = jitter == null ? null : values.duration(jitter.required("to"));
    if (jitter != null) {
      jitter.close();
    }
    fields.close();
    return new RetryPolicy(
        when, exceptWhen, delay, backoff, limit.count, limit.attempt, limit.all, from, to);
  }

  private record Limit(
      @Nullable Integer count, @Nullable JsonNode attempt, @Nullable JsonNode all) {}

  private Limit limit(@Nullable At at) {
    Fields limit = values.fields(at);
    if (limit == null) {
      return new Limit(null, null, null);
    }
    JsonNode all = values.duration(limit.optional("duration"));
    Fields attempt = values.fields(limit.optional("attempt"));
    limit.close();
    if (attempt == null) {
      return new Limit(null, null, all);
    }
    Integer count = clamped(values.whole(attempt.optional("count")));
    JsonNode each = values.duration(attempt.optional("duration"));
    attempt.close();
    return new Limit(count, each, all);
  }

  private static @Nullable Integer clamped(@Nullable BigInteger count) {
    return count == null
        ? null
        : count.min(BigInteger.valueOf(Integer.MAX_VALUE)).max(BigInteger.ZERO).intValue();
  }

  private Backoff backoff(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return new Backoff.Constant();
    }
    Backoff backoff = new Backoff.Constant();
    for (String kind : BACKOFFS) {
      Fields configuration = values.fields(fields.optional(kind));
      if (configuration != null) {
        backoff = reports.under(Code.BACKOFF, () -> backoff(kind, configuration));
      }
    }
    fields.close();
    if (fields.names().stream().filter(BACKOFFS::contains).count() > 1) {
      reports.add(
          Code.SHAPE, fields.at(), "a backoff must be one of " + String.join(", ", BACKOFFS), null);
    } else if (fields.names().isEmpty()) {
      String example = "write for example {exponential: {}}";
      reports.add(Code.SHAPE, fields.at(), "'backoff' is empty", example);
    }
    return backoff;
  }

  private Backoff backoff(String kind, Fields configuration) {
    Backoff backoff =
        switch (kind) {
          case "linear" -> new Backoff.Linear();
          case "exponential" ->
              new Backoff.Exponential(
                  values.number(configuration.optional("factor"), 1, 2),
                  values.duration(configuration.optional("maxDelay")));
          default -> new Backoff.Constant();
        };
    configuration.closeOpen();
    return backoff;
  }

  @Nullable JsonNode error(At at) {
    Fields fields = values.fields(at, "an object or a name");
    if (fields == null) {
      return null;
    }
    var _ = values.uriOrExpression(fields.required("type"));
    var _ = values.whole(fields.required("status"));
    var _ = values.pointerOrExpression(fields.optional("instance"));
    for (String text : List.of("title", "detail")) {
      var _ = values.templateString(fields.optional(text));
    }
    fields.close();
    return at.yaml().json();
  }

  /// @return the static filter of a catch
  JsonNode errorFilter(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null || at == null) {
      return JsonNodeFactory.instance.missingNode();
    }
    for (String text : List.of("type", "instance", "title", "detail")) {
      var _ = values.string(fields.optional(text));
    }
    var _ = values.whole(fields.optional("status"));
    fields.closeOpen();
    if (fields.names().isEmpty()) {
      reports.add(Code.SHAPE, at, "the error filter is empty", "leave it out to catch every error");
    }
    return at.yaml().json();
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
        sound += wrong.stream().noneMatch(PolicyReader::breaksSchema) ? 1 : 0;
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
    var _ = values.oneOf(fields.required("grant"), GRANTS, "client_credentials");
    Fields client = values.fields(fields.optional("client"));
    if (client != null) {
      for (String text : List.of("id", "secret", "assertion")) {
        var _ = values.templateString(client.optional(text));
      }
      var _ = values.oneOf(client.optional("authentication"), CLIENTS, "client_secret_post");
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
}
