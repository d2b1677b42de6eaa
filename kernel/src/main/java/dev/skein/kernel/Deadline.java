package dev.skein.kernel;

import dev.skein.kernel.journal.StepKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The time limit of a scope that is being run. Owned by the run's lock.
final class Deadline {
  final Scope scope;
  final StepKey key;
  final Instant due;

  /// When it passed, and the entry that says so.
  @Nullable Instant passedAt;

  long passedEntry;
  Clock.@Nullable Alarm alarm;

  Deadline(Scope scope, StepKey key, Instant due) {
    this.scope = scope;
    this.key = key;
    this.due = due;
  }

  boolean passed() {
    return passedAt != null;
  }

  void pass(Instant at, long entry) {
    passedAt = at;
    passedEntry = entry;
  }
}
