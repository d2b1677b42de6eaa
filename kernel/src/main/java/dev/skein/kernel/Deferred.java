package dev.skein.kernel;

import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import java.time.Instant;

/// Thrown by a step's work that must wait long before it can do what it is there for: the step
/// waits for it durably, without a thread and without memory, and is then attempted again. It does
/// not count among the attempts that a retry policy allows.
public final class Deferred extends RuntimeException {
  /// Type of the failure that stands for it in the journal.
  public static final String TYPE = "skein:deferred";

  private static final long serialVersionUID = 1L;

  private final transient Instant until;
  private final transient Payload state;

  /// @param why what it waits for, to be shown: `the breaker of payments to close`
  /// @param state what the next attempt is to know of those before it, see [Work.Attempt#deferred];
  ///   may be empty
  public Deferred(Instant until, String why, Payload state) {
    super(why);
    this.until = until;
    this.state = state;
  }

  public Instant until() {
    return until;
  }

  public Payload state() {
    return state;
  }

  Failure failure() {
    return new Failure(TYPE, String.valueOf(getMessage()), state, false);
  }

  static boolean is(Failure failure) {
    return failure.type().equals(TYPE);
  }
}
