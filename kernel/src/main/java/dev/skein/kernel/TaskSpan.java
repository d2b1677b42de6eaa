package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A task that has begun. Its beginning is written when something inside it goes live; until then
/// it may turn out to be pure, and one entry at its end says it all.
final class TaskSpan implements Context.Span {
  private final ActiveRun run;
  private final Scope scope;
  private final StepKey key;
  private final Instant startedAt;
  private final Supplier<Payload> input;
  private boolean begun;

  TaskSpan(ActiveRun run, Scope scope, StepKey key, Supplier<Payload> input) {
    this.run = run;
    this.scope = scope;
    this.key = key;
    this.input = input;
    Instant recorded = run.recorded().taskBegun(key);
    this.begun = recorded != null;
    this.startedAt = recorded == null ? run.clock().now() : recorded;
  }

  StepKey key() {
    return key;
  }

  @Override
  public @Nullable Payload replaced() {
    return run.recorded().replaced(key);
  }

  /// Called with the run's lock held, after a checkpoint: replay from there finds when it began.
  void beginAgain() {
    if (begun) {
      run.appendAgain(new Entry.TaskStarted(startedAt, key, input.get()));
    }
  }

  /// Called with the run's lock held.
  void begin() {
    if (!begun) {
      begun = true;
      run.append(new Entry.TaskStarted(startedAt, key, input.get()));
    }
  }

  @Override
  public void end(Entry.TaskStatus status, @Nullable Payload output, @Nullable Failure failure) {
    run.locked(() -> {
      scope.spans.remove(this);
      LogContext.task(scope.task());
      boolean neverSeen = !begun && scope.cancelledBy() != null;
      if (neverSeen || run.leaving() || run.recorded().taskEnded(key)) {
        return;
      }
      Instant now = run.clock().now();
      Payload given = begun ? null : input.get();
      run.append(new Entry.TaskEnded(now, key, startedAt, status, given, output, failure));
      run.throttle();
    });
  }
}
