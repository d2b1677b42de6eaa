package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import java.util.List;
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
  ///
  /// @param open names in the root scope that restored code will ask for again
  void offer(Scope root, List<String> open, Supplier<Payload> state) {
    offered++;
    boolean worthwhile = Math.max(offered, run.ordinal() - savedAt) >= every;
    boolean possible = !run.leaving() && run.deadlines().isEmpty() && root.cancelledBy() == null;
    if (worthwhile && possible && run.recorded().unaskedWithin("") == null) {
      long ordinal = run.ordinal() + 1;
      savedAt =
          run.append(
              new Entry.CheckpointSaved(
                  run.clock().now(), ordinal, root.occurrences(open), state.get()));
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
