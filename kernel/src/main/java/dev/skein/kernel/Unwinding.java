package dev.skein.kernel;

/// Carries a run's threads out of the workflow's code without ending the run, or a cancelled
/// scope's out of that scope. An [Error], so that code which catches exceptions lets it pass;
/// thrown often, so without a stack trace.
sealed class Unwinding extends Error {
  private static final long serialVersionUID = 1L;

  private Unwinding(String message) {
    super(message, null, false, false);
  }

  /// The run leaves memory; why is written in its [ActiveRun].
  static final class Leaving extends Unwinding {
    private static final long serialVersionUID = 1L;

    Leaving() {
      super("the run leaves memory");
    }
  }

  /// The scope was cancelled.
  static final class Cancelled extends Unwinding {
    private static final long serialVersionUID = 1L;

    private final transient Scope scope;

    Cancelled(Scope scope) {
      super("cancelled: " + scope.path());
      this.scope = scope;
    }

    Scope scope() {
      return scope;
    }
  }
}
