package dev.skein.runtime;

/// Skein refuses a request; the code is stable, the message says what to do.
public final class SkeinException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why a request is refused.
  public enum Code {
    NO_SUCH_WORKFLOW,
    NO_SUCH_SCHEDULE,
    NO_SUCH_INCIDENT,
    VERSION_EXISTS,
    ENDPOINT_TAKEN,
    UNREADABLE_SECRET
  }

  private final Code code;

  SkeinException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
