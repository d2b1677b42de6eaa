package dev.skein.kernel.store;

import dev.skein.kernel.journal.RunStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which runs to list, newest first.
///
/// @param statuses any if empty
/// @param workflow the name of a workflow, or null for any
/// @param below only runs with a smaller number: the last of the page before, or null for the first
///   page
public record RunFilter(
    Set<RunStatus> statuses, @Nullable String workflow, @Nullable Long below, int limit) {
  public RunFilter {
    statuses = Set.copyOf(statuses);
  }

  public static RunFilter newest(int limit) {
    return new RunFilter(Set.of(), null, null, limit);
  }
}
