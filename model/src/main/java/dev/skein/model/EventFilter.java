package dev.skein.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which events pass.
///
/// @param with attributes the event must have: constants, regular expressions, expressions
/// @param correlate by name
public record EventFilter(JsonNode with, Map<String, Correlation> correlate) {
  /// Ties an event to the workflow.
  ///
  /// @param from an expression over the event
  /// @param expect what it must give, a constant or an expression; absent for what the first event
  ///   gives
  public record Correlation(String from, @Nullable JsonNode expect) {}
}
