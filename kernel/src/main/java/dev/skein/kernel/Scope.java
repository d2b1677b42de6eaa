package dev.skein.kernel;

import dev.skein.kernel.journal.StepKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A part of a run in which names are counted and which can be cancelled as a whole. Owned by the
/// run's lock, but for `random`, which belongs to the thread that runs the scope.
final class Scope {
  private static final String TASK = "task:";
  private static final String CHILD = "child:";
  private static final long NEVER = Long.MAX_VALUE;

  private final @Nullable Scope parent;
  private final String path;
  private final Role role;

  /// The name under which the parent counts this scope; null if it does not.
  private final @Nullable String name;

  private final Map<String, Integer> occurrences;

  /// Of the run's own scope: what scopes that are not open again yet had counted, by path.
  private Map<String, Map<String, Integer>> toRestore = Map.of();

  final Deque<TaskSpan> spans = new ArrayDeque<>();
  private @Nullable SplittableRandom random;
  private long cancelledAt = NEVER;
  private Instant time;
  private long ordinal;

  /// How a scope stands to the one around it.
  enum Role {
    /// Runs in its parent's place.
    INLINE,
    /// Runs beside its siblings.
    BRANCH,
    /// Runs in its parent's place, and goes on when the parent is cancelled: compensations.
    SHIELDED
  }

  private Scope(Instant startedAt) {
    this.parent = null;
    this.path = "";
    this.role = Role.SHIELDED;
    this.name = null;
    this.occurrences = new HashMap<>();
    this.time = startedAt;
  }

  private Scope(Scope parent, String path, @Nullable String name, Role role) {
    this.parent = parent;
    this.path = path;
    this.role = role;
    this.name = name;
    this.occurrences = parent.root().countedBefore(path);
    this.time = parent.time;
    this.ordinal = parent.ordinal;
  }

  static Scope root(Instant startedAt) {
    return new Scope(startedAt);
  }

  /// The scope of that key inside this one, at this one's time.
  Scope inner(StepKey key, Role innerRole) {
    return new Scope(this, key.toString(), key.name(), innerRole);
  }

  /// A scope that is asked for once, by its path.
  Scope inner(String innerPath, Role innerRole) {
    return new Scope(this, innerPath, null, innerRole);
  }

  private Scope root() {
    Scope scope = this;
    while (scope.parent != null) {
      scope = scope.parent;
    }
    return scope;
  }

  private Map<String, Integer> countedBefore(String innerPath) {
    Map<String, Integer> counted = toRestore.isEmpty() ? null : toRestore.remove(innerPath);
    return counted == null ? new HashMap<>() : counted;
  }

  @Nullable Scope parent() {
    return parent;
  }

  String path() {
    return path;
  }

  /// The key of the next occurrence of the name.
  StepKey nextKey(String name) {
    return new StepKey(path, name, occurrences.merge(name, 1, Integer::sum));
  }

  /// The key of the next occurrence of the task; tasks are counted apart from the steps of the same
  /// name.
  StepKey nextTaskKey(String name) {
    return new StepKey(path, name, occurrences.merge(TASK + name, 1, Integer::sum));
  }

  /// What this scope and those around it have counted, by path, as code needs it that is restored
  /// here: the scopes and tasks that are open will be asked for once more.
  Map<String, Map<String, Integer>> counted() {
    var all = new HashMap<String, Map<String, Integer>>();
    @Nullable String open = null;
    for (Scope scope = this; scope != null; scope = scope.parent) {
      var counted = new HashMap<>(scope.occurrences);
      if (open != null) {
        counted.merge(open, -1, Integer::sum);
      }
      scope.spans.forEach(span -> counted.merge(TASK + span.key().name(), -1, Integer::sum));
      all.put(scope.path, counted);
      open = scope.name;
    }
    return all;
  }

  /// The innermost task that is open here or around; null if none is.
  @Nullable StepKey task() {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      TaskSpan span = scope.spans.peekLast();
      if (span != null) {
        return span.key();
      }
    }
    return null;
  }

  void writeOpenTasksAgain() {
    if (parent != null) {
      parent.writeOpenTasksAgain();
    }
    spans.forEach(TaskSpan::beginAgain);
  }

  /// Asked of the run's own scope, before anything else.
  void restore(Map<String, Map<String, Integer>> saved) {
    toRestore = new HashMap<>(saved);
    occurrences.putAll(countedBefore(path));
  }

  /// Whether code that runs here runs alone in its run, and would be cancelled with it.
  boolean isAlone() {
    Scope scope = this;
    while (scope.parent != null) {
      if (scope.role != Role.INLINE) {
        return false;
      }
      scope = scope.parent;
    }
    return true;
  }

  /// Notes, for the run's whole life, that it started another.
  void noteChild() {
    root().occurrences.merge(CHILD, 1, Integer::sum);
  }

  /// Asked of the run's own scope.
  boolean hasChildren() {
    return occurrences.containsKey(CHILD);
  }

  /// @param entry the place in the journal of what cancels it
  void cancel(long entry) {
    cancelledAt = Math.min(cancelledAt, entry);
  }

  /// The first cancelled, by the journal, of the scopes that this one stops with; null if it may go
  /// on.
  @Nullable Scope cancelledBy() {
    Scope first = null;
    Scope scope = this;
    while (scope != null) {
      if (scope.cancelledAt < (first == null ? NEVER : first.cancelledAt)) {
        first = scope;
      }
      scope = scope.role == Role.SHIELDED ? null : scope.parent;
    }
    return first;
  }

  /// The outermost scope that waits for this one and runs nothing beside it.
  Scope sequentialTop() {
    Scope scope = this;
    while (scope.role != Role.BRANCH && scope.parent != null) {
      scope = scope.parent;
    }
    return scope;
  }

  boolean stopsWith(Scope other) {
    Scope scope = this;
    while (scope != null) {
      if (scope == other) {
        return true;
      }
      if (scope.role == Role.SHIELDED) {
        return false;
      }
      scope = scope.parent;
    }
    return false;
  }

  /// Notes that something recorded at `at`, as number `entry` of the journal, has been seen here.
  void saw(Instant at, long entry) {
    if (at.isAfter(time)) {
      time = at;
    }
    ordinal = Math.max(ordinal, entry);
  }

  void sawAllOf(Scope inner) {
    saw(inner.time, inner.ordinal);
  }

  Instant time() {
    return time;
  }

  /// The place in the journal of the last thing seen here.
  long ordinal() {
    return ordinal;
  }

  SplittableRandom random(long run) {
    SplittableRandom mine = random;
    if (mine == null) {
      mine = new SplittableRandom(run * 0x9E3779B97F4A7C15L + path.hashCode() * 31L + ordinal);
      random = mine;
    }
    return mine;
  }

  /// Whether the path is that of the scope or of one inside it.
  static boolean within(String path, String scope) {
    return path.startsWith(scope)
        && (path.length() == scope.length()
            || scope.isEmpty()
            || isBoundary(path.charAt(scope.length())));
  }

  private static boolean isBoundary(char next) {
    return next == '/';
  }
}
