package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Calls something over HTTP.
public record CallHttpTask(TaskBase base, HttpArguments with) implements Task {
  /// @param endpoint the URI: a literal, a template or an expression
  /// @param authentication a policy object, with references resolved
  /// @param output `raw`, `content` or `response`
  /// @param redirect whether statuses 300 to 399 count as success
  public record HttpArguments(
      JsonNode method,
      JsonNode endpoint,
      @Nullable JsonNode authentication,
      @Nullable JsonNode headers,
      @Nullable JsonNode body,
      @Nullable JsonNode query,
      String output,
      boolean redirect) {}
}
