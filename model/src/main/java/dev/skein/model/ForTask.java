package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs tasks for each item of a collection.
///
/// @param in an expression, or an array written in place
public record ForTask(
    TaskBase base,
    String each,
    JsonNode in,
    String at,
    @Nullable String whileCondition,
    List<Task> tasks,
    @Nullable Parallel parallel)
    implements Task {
  /// Several iterations at a time, from `metadata.skein.parallel`.
  public record Parallel(int max, boolean failFast) {}
}
