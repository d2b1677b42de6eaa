package dev.skein.connectors.process;

import org.jspecify.annotations.Nullable;

/// A process that could not be run, or not to its end. One that ends by itself is a
/// [ProcessResult], whatever its exit code.
public final class ProcessException extends Exception {
  private static final long serialVersionUID = 1L;

  /// The standard error type, by its last path segment.
  public enum Kind {
    /// What was asked for can't be run here, and would not be by trying again.
    CONFIGURATION,
    RUNTIME
  }

  private final Kind kind;

  private ProcessException(Kind kind, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  static ProcessException configuration(String sentence, @Nullable Throwable cause) {
    return new ProcessException(Kind.CONFIGURATION, sentence, cause);
  }

  static ProcessException runtime(String sentence, @Nullable Throwable cause) {
    return new ProcessException(Kind.RUNTIME, sentence, cause);
  }

  public Kind kind() {
    return kind;
  }
}
