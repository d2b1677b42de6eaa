package dev.skein.kernel;

import dev.skein.kernel.journal.StepKey;

/// The time limit of a scope is over; what ran inside it has been cancelled.
public final class TimedOut extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient StepKey key;

  TimedOut(StepKey key) {
    super("timed out: " + key);
    this.key = key;
  }

  /// The limit that was reached.
  public StepKey key() {
    return key;
  }
}
