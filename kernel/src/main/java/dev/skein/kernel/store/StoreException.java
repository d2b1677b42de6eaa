package dev.skein.kernel.store;

/// The store could not do what was asked; the code says why, the message what to do.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why a store fails.
  public enum Code {
    IN_USE,
    FULL,
    DAMAGED,
    UNREADABLE,
    CONFLICT,
    /// Another process has taken the store over; this one must not write any more.
    FENCED,
    CLOSED,
    FAILED
  }

  private final Code code;

  public StoreException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public StoreException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
