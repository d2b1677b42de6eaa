package dev.skein.connectors.format;

/// Says, in words, why a value cannot be written in a format, or why bytes are not of it.
public final class InvalidBody extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidBody(String message) {
    super(message);
  }

  public InvalidBody(String message, Throwable cause) {
    super(message, cause);
  }
}
