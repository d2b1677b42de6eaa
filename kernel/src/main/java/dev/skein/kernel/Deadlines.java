package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The time limits a run is inside of. Owned by the run's lock.
final class Deadlines {
  private final ActiveRun run;
  private final Set<Deadline> open = new LinkedHashSet<>();

  Deadlines(ActiveRun run) {
    this.run = run;
  }

  void open(Deadline deadline) {
    open.add(deadline);
  }

  void close(Deadline deadline) {
    open.remove(deadline);
    if (deadline.alarm != null) {
      deadline.alarm.cancel();
    }
  }

  /// Replay from a checkpoint finds the limits that were open there.
  void writeAgain(Instant now) {
    for (Deadline deadline : open) {
      run.append(new Entry.TimerSet(now, deadline.key, deadline.due));
    }
  }

  List<WakeReason> reasons() {
    var reasons = new ArrayList<WakeReason>();
    for (Deadline deadline : open) {
      String what = "limit of " + deadline.key;
      reasons.add(new WakeReason(WakeReason.Kind.TIMER, what, deadline.due));
    }
    return reasons;
  }

  /// Called when the scope goes live, since limits count only from then on: on replay the journal,
  /// not the clock, says which came first.
  void watch(Scope scope) {
    if (open.isEmpty()) {
      return;
    }
    for (Deadline deadline : List.copyOf(open)) {
      if (!deadline.passed() && scope.stopsWith(deadline.scope)) {
        if (!deadline.due.isAfter(run.clock().now())) {
          pass(deadline);
        } else if (deadline.alarm == null) {
          deadline.alarm = run.clock().at(deadline.due, () -> run.locked(() -> pass(deadline)));
        }
      }
    }
  }

  private void pass(Deadline deadline) {
    boolean counts = open.contains(deadline) && !deadline.passed() && !run.leaving();
    if (counts && deadline.scope.cancelledBy() == null) {
      Instant now = run.clock().now();
      var closed = new Entry.ScopeClosed(now, deadline.key, Entry.Closing.TIMED_OUT, 0);
      deadline.pass(now, run.append(closed));
      run.cancel(deadline.scope, deadline.passedEntry);
    }
  }
}
