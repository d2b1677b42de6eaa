package dev.skein.kernel.store;

import dev.skein.kernel.journal.RunStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which runs to list, newest first. A run is listed if it meets all that is given.
///
/// @param statuses any if empty
/// @param namespaces those that the workflow's may be; any if empty
/// @param workflow the name of a workflow, or null for any
/// @param attributes the values that these attributes must have
/// @param from only runs started then or later
/// @param to only runs started before that
/// @param text what the run's id, or the value of one of its attributes, begins with
/// @param below only runs with a smaller number: where the page before says that the next begins
public record RunFilter(
    Set<RunStatus> statuses,
    Set<String> namespaces,
    @Nullable String workflow,
    Map<String, String> attributes,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String text,
    @Nullable Long below,
    int limit) {
  public RunFilter {
    statuses = Set.copyOf(statuses);
    namespaces = Set.copyOf(namespaces);
    attributes = Map.copyOf(attributes);
  }

  public RunFilter(
      Set<RunStatus> statuses, @Nullable String workflow, @Nullable Long below, int limit) {
    this(statuses, Set.of(), workflow, Map.of(), null, null, null, below, limit);
  }

  public static RunFilter newest(int limit) {
    return new RunFilter(Set.of(), null, null, limit);
  }

  /// The same for another page.
  public RunFilter page(@Nullable Long next, int size) {
    return new RunFilter(statuses, namespaces, workflow, attributes, from, to, text, next, size);
  }

  /// The lowest number that a run may have.
  public long lowest() {
    return from == null ? 0 : RunNumbers.firstAt(from);
  }

  /// What the number of a run must be below.
  public long ceiling() {
    long end = to == null ? Long.MAX_VALUE : RunNumbers.firstAt(to);
    return below == null ? end : Math.min(below, end);
  }
}
