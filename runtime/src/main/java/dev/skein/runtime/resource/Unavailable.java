package dev.skein.runtime.resource;

import org.jspecify.annotations.Nullable;

/// A resource cannot be had. The message goes on after its URI.
final class Unavailable extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String hint;

  Unavailable(String reason) {
    super(reason);
    this.hint = null;
  }

  Unavailable(String reason, String hint) {
    super(reason);
    this.hint = hint;
  }

  Unavailable(String reason, Throwable cause) {
    super(reason, cause);
    this.hint = null;
  }

  @Nullable String hint() {
    return hint;
  }

  static Unavailable tooLarge(int limitBytes) {
    return new Unavailable("is larger than " + FetchLimits.shown(limitBytes));
  }
}
