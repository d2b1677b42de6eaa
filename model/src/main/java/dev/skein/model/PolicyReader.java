package dev.skein.model;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads timeouts, retry policies and errors where they are written out.
final class PolicyReader {
  private static final List<String> BACKOFFS = List.of("constant", "linear", "exponential");

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
}
