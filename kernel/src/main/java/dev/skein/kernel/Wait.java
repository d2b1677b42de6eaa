package dev.skein.kernel;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// A thread of a run that waits for something the journal can wait for too. Owned by the run's
/// lock.
final class Wait {
  final Scope scope;
  final Condition condition;

  /// Null for a fork that waits for its branches: they have reasons of their own.
  final @Nullable WakeReason reason;

  /// The events it waits for, if any.
  final List<EventFilter> filters;

  boolean ready;

  Wait(Scope scope, Condition condition, @Nullable WakeReason reason, List<EventFilter> filters) {
    this.scope = scope;
    this.condition = condition;
    this.reason = reason;
    this.filters = filters;
  }

  @Nullable Instant due() {
    return reason == null ? null : reason.at();
  }
}
