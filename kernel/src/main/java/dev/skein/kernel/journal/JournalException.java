package dev.skein.kernel.journal;

/// The journal of a run cannot be read: damaged, or written by a version this one does not know.
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JournalException(String message) {
    super(message);
  }

  public JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
