package dev.skein.connectors.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A [Match] made ready to be asked of every call.
///
/// How specific it is to a call follows from what of it the call fits: of several hosts, for
/// example, the most specific one that is the call's.
final class Condition {
  private final List<HostPattern> hosts;
  private final List<Glob> paths;
  private final Set<String> methods;
  private final Set<String> operations;
  private final List<Glob> workflows;
  private final Set<String> tasks;

  Condition(Match match) {
    this.hosts = match.hosts().stream().map(HostPattern::of).toList();
    this.paths = match.paths().stream().map(Glob::new).toList();
    this.methods = match.methods();
    this.operations = match.operations();
    this.workflows = match.workflows().stream().map(Glob::new).toList();
    this.tasks = match.tasks();
  }

  /// How closely a call was met. The closer to the task, the more it counts, and what is said
  /// counts more than what is not.
  ///
  /// @param task 2 by its reference, 1 by its name, 0 for any
  /// @param workflow null for any, as with the others
  record Closeness(
      int task,
      @Nullable Glob workflow,
      boolean operation,
      @Nullable Glob path,
      boolean method,
      @Nullable HostPattern host)
      implements Comparable<Closeness> {
    private static final Comparator<Closeness> ORDER =
        Comparator.comparingInt(Closeness::task)
            .thenComparing(Closeness::workflow, Comparator.nullsFirst(Glob.BY_SPECIFICITY))
            .thenComparing(Closeness::operation)
            .thenComparing(Closeness::path, Comparator.nullsFirst(Glob.BY_SPECIFICITY))
            .thenComparing(Closeness::method)
            .thenComparing(Closeness::host, Comparator.nullsFirst(HostPattern.BY_SPECIFICITY));

    @Override
    public int compareTo(Closeness other) {
      return ORDER.compare(this, other);
    }
  }

  /// @param place of the call's address
  /// @return null if it is not for that call
  @Nullable Closeness closeness(Match.Call call, Place place) {
    HostPattern host = most(hosts, one -> one.fits(place), HostPattern.BY_SPECIFICITY);
    if (host == null && !hosts.isEmpty()) {
      return null;
    }
    Glob path = most(paths, one -> one.fits(place.path()), Glob.BY_SPECIFICITY);
    String from = call.workflow();
    Glob workflow =
        from == null ? null : most(workflows, one -> one.fits(from), Glob.BY_SPECIFICITY);
    boolean byReference = contains(tasks, call.reference());
    boolean met =
        (path != null || paths.isEmpty())
            && (workflow != null || workflows.isEmpty())
            && (methods.isEmpty() || methods.contains(call.method().toUpperCase(Locale.ROOT)))
            && (operations.isEmpty() || contains(operations, call.operation()))
            && (tasks.isEmpty() || byReference || contains(tasks, call.task()));
    return met
        ? new Closeness(
            tasks.isEmpty() ? 0 : byReference ? 2 : 1,
            workflow,
            !operations.isEmpty(),
            path,
            !methods.isEmpty(),
            host)
        : null;
  }

  private static boolean contains(Set<String> wanted, @Nullable String found) {
    return found != null && wanted.contains(found);
  }

  private static <T> @Nullable T most(
      List<T> patterns, Predicate<T> fits, Comparator<T> bySpecificity) {
    T most = null;
    for (T pattern : patterns) {
      if (fits.test(pattern) && (most == null || bySpecificity.compare(pattern, most) > 0)) {
        most = pattern;
      }
    }
    return most;
  }

  /// Whether a call can fit both of which neither is closer to it.
  boolean ties(Condition other) {
    return meet(hosts, other.hosts, HostPattern.BY_SPECIFICITY, HostPattern::meets)
        && meet(paths, other.paths, Glob.BY_SPECIFICITY, Glob::meets)
        && meet(methods, other.methods)
        && meet(operations, other.operations)
        && meet(workflows, other.workflows, Glob.BY_SPECIFICITY, Glob::meets)
        && meet(tasks, other.tasks);
  }

  private static boolean meet(Set<String> these, Set<String> those) {
    return these.isEmpty() ? those.isEmpty() : these.stream().anyMatch(those::contains);
  }

  private static <T> boolean meet(
      Collection<T> these,
      Collection<T> those,
      Comparator<T> bySpecificity,
      BiPredicate<T, T> meets) {
    return these.isEmpty()
        ? those.isEmpty()
        : these.stream()
            .anyMatch(one ->
                those.stream()
                    .anyMatch(
                        other -> bySpecificity.compare(one, other) == 0 && meets.test(one, other)));
  }
}
