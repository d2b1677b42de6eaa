package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads timeouts, retry policies, errors and authentications where they are written out.
final class PolicyReader {
  private static final List<String> BACKOFFS = List.of("constant", "linear", "exponential");
  private static final List<String> SCHEMES = List.of("basic", "bearer");
  private static final List<String> UNSUPPORTED_SCHEMES =
      List.of("digest", "certificate", "oauth2", "oidc");

  private final Values values;
  private final Reports reports;

  PolicyReader(Values values) {
    this.values = values;
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

  @Nullable JsonNode authentication(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    for (String scheme : SCHEMES) {
      At configuration = fields.optional(scheme);
      if (configuration != null) {
        credentials(scheme, configuration);
      }
    }
    UNSUPPORTED_SCHEMES.forEach(
        scheme -> fields.unsupported(scheme, "the authentication '" + scheme + "'"));
    fields.close();
    if (fields.names().containsAll(SCHEMES)) {
      reports.add(at, "an authentication must have one scheme", null);
    } else if (fields.names().isEmpty()) {
      reports.add(at, "an authentication must have a scheme", "write 'basic' or 'bearer'");
    }
    return at.yaml().json();
  }

  private void credentials(String scheme, At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return;
    }
    if (fields.has("use")) {
      fields.unsupported("use", "an authentication from a secret");
      return;
    }
    List<String> needed =
        scheme.equals("basic") ? List.of("username", "password") : List.of("token");
    for (String name : needed) {
      var _ = values.templateString(fields.required(name));
    }
    fields.close();
  }
}
