package dev.skein.model;

/// Something written as a duration is none.
public final class InvalidDuration extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidDuration(String message) {
    super(message);
  }
}
