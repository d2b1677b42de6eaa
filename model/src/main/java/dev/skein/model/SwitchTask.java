package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes on where the first case that holds says.
public record SwitchTask(TaskBase base, List<Case> cases) implements Task {
  /// @param when an expression; null for the default case
  public record Case(String name, @Nullable String when, Then then) {}
}
