package dev.skein.kernel;

import org.jspecify.annotations.Nullable;

/// The engine refuses a request; the code is stable, the message says what to do.
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why a request is refused.
  public enum Code {
    NO_SUCH_RUN,
    NO_SUCH_WORKFLOW,
    ENDED,
    OVERLOADED,
    CLOSED,
    CONFLICT,
    /// The run, as it stands, cannot be asked that.
    UNFIT
  }

  private final Code code;

  public EngineException(Code code, String message) {
    this(code, message, null);
  }

  public EngineException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
