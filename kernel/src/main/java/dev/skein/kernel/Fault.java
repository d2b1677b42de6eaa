package dev.skein.kernel;

import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import org.jspecify.annotations.Nullable;

/// Something failed, in a way that can be recorded. Thrown by work, by steps, and by workflows that
/// want to fault with a failure of their own.
public final class Fault extends RuntimeException {
  /// Type of the failure of a run whose compensations gave up.
  public static final String NOT_UNDONE = "skein:not-undone";

  /// Type of the failure of a run that was cancelled.
  public static final String CANCELLED = "skein:cancelled";

  /// Type of a failure to start a workflow that is not there.
  public static final String NO_SUCH_WORKFLOW = "skein:no-such-workflow";

  /// Type of a failure that came as an exception without a type of its own.
  public static final String EXCEPTION = "skein:exception";

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public Fault(Failure failure) {
    this(failure, null);
  }

  public Fault(Failure failure, @Nullable Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  /// What is recorded of an exception: a fault's own failure, or one whose outcome is unknown.
  static Failure failureOf(Throwable thrown) {
    return switch (thrown) {
      case Fault fault -> fault.failure;
      case TimedOut timedOut -> new Failure("skein:timeout", String.valueOf(timedOut.getMessage()));
      default -> {
        String message = thrown.getMessage();
        String name = thrown.getClass().getName();
        yield new Failure(
            EXCEPTION, message == null ? name : name + ": " + message, Payload.EMPTY, true);
      }
    };
  }

  static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException runtime -> runtime;
      default -> new Fault(failureOf(thrown), thrown);
    };
  }
}
