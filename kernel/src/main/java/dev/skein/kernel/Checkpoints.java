package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Saves, now and then, where a run stands, so that replay reads only what came after. Owned by the
/// run's lock.
final class Checkpoints {
  private final ActiveRun run;
  private final int every;
  private long savedAt;
  private int offered;
  private @Nullable Payload restored;

  /// @param every how many entries, or offers, lie between two checkpoints
  Checkpoints(ActiveRun run, int every) {
    this.run = run;
    this.every = every;
    this.savedAt = run.recorded().ordinal();
    Entry.CheckpointSaved last = run.recorded().checkpoint();
    this.restored = last == null ? null : last.state();
  }

  /// The run could go on from here; whether that is worth saving is decided here.
  void offer(Scope scope, Supplier<Payload> state) {
    offered++;
    boolean worthwhile = Math.max(offered, run.ordinal() - savedAt) >= every;
    if (worthwhile
        && scope.isAlone()
        && !run.leaving()
        && scope.cancelledBy() == null
        && run.recorded().unaskedWithin("") == null) {
      Instant now = run.clock().now();
      long ordinal = run.ordinal() + 1;
      var counters = Counters.flat(scope.counted());
      savedAt = run.append(new Entry.CheckpointSaved(now, ordinal, counters, state.get()));
      run.deadlines().writeAgain(now);
      scope.writeOpenTasksAgain();
      offered = 0;
      run.throttle();
    }
  }

  /// What was saved at the place where this replay began, once.
  @Nullable Payload takeRestored() {
    Payload state = restored;
    restored = null;
    return state;
  }
}
