package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs tasks and handles their errors.
public record TryTask(TaskBase base, List<Task> tasks, Catch handler) implements Task {
  /// @param filter what `errors.with` says; a missing node if any error is meant
  /// @param as the variable that holds the error
  public record Catch(
      JsonNode filter,
      String as,
      @Nullable String when,
      @Nullable String exceptWhen,
      @Nullable RetryPolicy retry,
      List<Task> tasks,
      Then then) {}
}
