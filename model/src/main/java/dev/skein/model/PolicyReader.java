package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads timeouts, retry policies, errors and authentications where they are written out.
final class PolicyReader {
  private static final List<String> BACKOFFS = List.of("constant", "linear", "exponential");
  private static final List<String> SCHEMES =
      List.of("basic", "bearer", "digest", "oauth2", "oidc");
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
    Integer count = values.integer(attempt.optional("count"), 0, Integer.MAX_VALUE);
    JsonNode each = values.duration(attempt.optional("duration"));
    attempt.close();
    return new Limit(count, each, all);
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
        backoff = backoff(kind, configuration);
        configuration.close();
      }
    }
    fields.close();
    if (fields.names().stream().filter(BACKOFFS::contains).count() > 1) {
      reports.add(fields.at(), "a backoff must be one of " + String.join(", ", BACKOFFS), null);
    } else if (fields.names().isEmpty()) {
      reports.add(fields.at(), "'backoff' is empty", "write for example {exponential: {}}");
    }
    return backoff;
  }

  private Backoff backoff(String kind, Fields configuration) {
    return switch (kind) {
      case "linear" -> new Backoff.Linear();
      case "exponential" ->
          new Backoff.Exponential(
              values.number(configuration.optional("factor"), 1, 2),
              values.duration(configuration.optional("maxDelay")));
      default -> new Backoff.Constant();
    };
  }

  @Nullable JsonNode error(At at) {
    Fields fields = values.fields(at, "an object or a name");
    if (fields == null) {
      return null;
    }
    At type = fields.required("type");
    JsonNode uri = values.templateString(type);
    if (type != null && uri != null) {
      values.checkUri(type, uri.stringValue());
    }
    var _ = values.integer(fields.required("status"), 0, 999);
    for (String text : List.of("instance", "title", "detail")) {
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
    var _ = values.integer(fields.optional("status"), 0, 999);
    fields.close();
    if (fields.names().isEmpty()) {
      reports.add(at, "the error filter is empty", "leave it out to catch every error");
    }
    return at.yaml().json();
  }

  /// @return the policy as written; what it takes from a secret stays `{use: SECRET}`
  @Nullable JsonNode authentication(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    for (String scheme : SCHEMES) {
      Fields configuration = values.fields(fields.optional(scheme));
      if (configuration != null) {
        scheme(scheme, configuration);
        configuration.close();
      }
    }
    fields.close();
    long given = SCHEMES.stream().filter(fields::has).count();
    if (given > 1) {
      reports.add(at, "an authentication must have one scheme", null);
    } else if (fields.names().isEmpty()) {
      String known = String.join(", ", SCHEMES);
      reports.add(at, "an authentication must have a scheme", "write one of " + known);
    }
    return at.yaml().json();
  }

  private void scheme(String scheme, Fields fields) {
    if (fields.has("use")) {
      At use = fields.required("use");
      String secret = values.string(use);
      if (use != null && secret != null && !secrets.contains(secret)) {
        String hint = Suggestions.hint(secret, secrets);
        reports.add(
            use,
            "there is no secret '" + secret + "' under use.secrets",
            hint == null ? "declare it there" : hint);
      }
      return;
    }
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
    At authority = fields.required("authority");
    JsonNode uri = values.templateString(authority);
    if (authority != null && uri != null) {
      values.checkUri(authority, uri.stringValue());
    }
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
    }
    for (String list : List.of("issuers", "scopes", "audiences")) {
      At at = fields.optional(list);
      List<Yaml> items = values.items(at);
      for (int i = 0; at != null && i < items.size(); i++) {
        var _ = values.templateString(at.item(i, items.get(i)));
      }
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
        var _ = values.templateString(endpoints.optional(endpoint));
      }
    }
  }
}
