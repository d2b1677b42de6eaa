package dev.skein.runtime.secret;

import org.jspecify.annotations.Nullable;

/// Secrets can't be read or written; the code is stable, the message says what to do and holds no
/// secret.
public final class SecretException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What stands in the way.
  public enum Code {
    /// The key is nowhere.
    NO_KEY,
    /// The key is not 32 bytes in base64.
    INVALID_KEY,
    /// The key is another than the one that the secrets were locked with.
    WRONG_KEY,
    /// What is written is not what was written once.
    DAMAGED,
    /// No name or value that a secret can have.
    INVALID_SECRET,
    /// The file system refuses.
    INACCESSIBLE
  }

  private final Code code;

  SecretException(Code code, String message) {
    this(code, message, null);
  }

  SecretException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
