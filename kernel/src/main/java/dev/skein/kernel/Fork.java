package dev.skein.kernel;

import dev.skein.kernel.Unwinding.Cancelled;
import dev.skein.kernel.Unwinding.Leaving;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.StepKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One fork being run: a thread for each branch (or `limit` threads that take branches in turn),
/// joined by the thread that forked. Owned by the run's lock.
///
/// If it closes early (a branch won the race, a branch failed), the journal says which branch
/// decided. On replay that branch decides again, whoever is faster, and the others are only
/// answered from the journal: see [ActiveRun].
final class Fork<T extends @Nullable Object> {
  private final ActiveRun run;
  private final Scope scope;
  private final StepKey key;
  private final boolean race;
  private final List<Branch<T>> branches;
  private final List<Scope> scopes = new ArrayList<>();
  private final List<@Nullable T> results = new ArrayList<>();
  private final List<@Nullable Throwable> failures = new ArrayList<>();
  private final Entry.@Nullable ScopeClosed recorded;
  private final long recordedAt;
  private final Wait join;
  private int decider = -1;
  private @Nullable Cancelled stopped;
  private int next;
  private int workers;

  Fork(ActiveRun run, Scope scope, StepKey key, boolean race, List<Branch<T>> branches) {
    this.run = run;
    this.scope = scope;
    this.key = key;
    this.race = race;
    this.branches = List.copyOf(branches);
    Recorded.Unit unit = run.ask(key, Recorded.Kind.FORK);
    this.recorded = unit == null ? null : unit.closed;
    this.recordedAt = unit == null ? 0 : unit.ordinal;
    this.join = run.waits().newWait(scope, null);
    for (Branch<T> branch : branches) {
      scopes.add(scope.inner(StepKey.join(key.toString(), branch.name()), Scope.Role.BRANCH));
      results.add(null);
      failures.add(null);
    }
  }

  /// Runs the branches to their ends; the lock is held on entry and exit, not between.
  List<T> join(int limit) {
    Entry.ScopeClosed closed = recorded;
    if (closed != null) {
      decider = closed.branch();
      cancelAllBut(decider, recordedAt);
    }
    workers = Math.min(limit, branches.size());
    if (workers > 0) {
      run.waits().startRunning(workers);
      for (int i = 0; i < workers; i++) {
        Thread.ofVirtual().name(run.row().id() + key).start(this::work);
      }
      run.waits().park(join);
    }
    scopes.forEach(scope::sawAllOf);
    if (closed != null) {
      scope.saw(closed.at(), scope.ordinal());
    }
    if (run.leaving()) {
      throw new Leaving();
    }
    Cancelled cancelled = stopped;
    if (decider < 0 && cancelled != null) {
      throw cancelled;
    }
    return outcome();
  }

  @SuppressWarnings(
      "NullAway") // a branch without failure has its result, null only where T allows it
  private List<T> outcome() {
    if (race) {
      if (decider >= 0) {
        var winner = new ArrayList<T>();
        winner.add(results.get(decider));
        return winner;
      }
      throw Fault.unchecked(firstFailure());
    }
    if (decider >= 0) {
      throw Fault.unchecked(failures.get(decider));
    }
    return new ArrayList<>(results);
  }

  private Throwable firstFailure() {
    for (Throwable failure : failures) {
      if (failure != null) {
        return failure;
      }
    }
    throw new IllegalStateException("a race without branches at " + key);
  }

  private void work() {
    LogContext.run(run.row().id());
    LogContext.task(scope.task());
    while (true) {
      int branch;
      run.lock();
      try {
        while (next < branches.size() && decider >= 0 && nothingRecordedOf(next)) {
          next++;
        }
        if (next >= branches.size() || run.leaving()) {
          workers--;
          if (workers == 0) {
            run.waits().wake(join);
          }
          run.waits().stopRunning();
          return;
        }
        branch = next++;
      } finally {
        run.unlock();
      }
      runBranch(branch);
    }
  }

  /// A branch that had begun is run even if the fork has closed meanwhile, so that the journal is
  /// answered to the point where it was cancelled.
  private boolean nothingRecordedOf(int branch) {
    return branch != decider && run.recorded().unaskedWithin(scopes.get(branch).path()) == null;
  }

  private void runBranch(int index) {
    @Nullable T result = null;
    Throwable thrown = null;
    try {
      result = branches.get(index).body().run(new RunContext(run, scopes.get(index)));
    } catch (Throwable t) { // also errors: they belong to whoever joins
      thrown = t;
    }
    run.lock();
    try {
      end(index, result, thrown);
    } finally {
      run.unlock();
    }
  }

  private void end(int index, @Nullable T result, @Nullable Throwable thrown) {
    results.set(index, result);
    boolean failed =
        thrown != null && !(thrown instanceof Leaving) && !(thrown instanceof Cancelled);
    if (failed) {
      failures.set(index, thrown);
    }
    boolean decides = race ? thrown == null : failed;
    if (decider >= 0 || run.leaving()) {
      return;
    }
    Scope by = scopes.get(index).cancelledBy();
    if (by != null) {
      stopped = thrown == null && !race ? stopped : new Cancelled(by);
    } else if (decides) {
      decider = index;
      var closing = race ? Entry.Closing.WON : Entry.Closing.FAILED;
      cancelAllBut(
          index, run.append(new Entry.ScopeClosed(run.clock().now(), key, closing, index)));
    }
  }

  private void cancelAllBut(int index, long entry) {
    for (int i = 0; i < scopes.size(); i++) {
      if (i != index) {
        run.cancel(scopes.get(i), entry);
      }
    }
  }
}
