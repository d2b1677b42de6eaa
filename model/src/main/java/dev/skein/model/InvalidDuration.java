package dev.skein.model;

/// A duration that cannot be read; the message says why.
public final class InvalidDuration extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public InvalidDuration(String message) {
    super(message);
  }
}
