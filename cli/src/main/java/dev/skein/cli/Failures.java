package dev.skein.cli;

import dev.skein.kernel.EngineException;
import dev.skein.kernel.IncidentException;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.store.StoreException;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.SkeinException;
import dev.skein.runtime.secret.SecretException;
import dev.skein.runtime.settings.InvalidSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Tells what went wrong in one sentence, never by a stack trace.
final class Failures {
  private Failures() {}

  static String sentence(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    return switch (thrown) {
      case Usage _,
          Refused _,
          StoreException _,
          EngineException _,
          IncidentException _,
          JournalException _,
          InvalidDefinition _,
          InvalidSettings _,
          SecretException _,
          SkeinException _ ->
          message;
      case UncheckedIOException e when e.getCause() != null -> sentence(e.getCause());
      case NoSuchFileException _ -> "there is no file " + message;
      case IOException _ -> thrown.getClass().getSimpleName() + ": " + message;
      default ->
          "something that should not happen has happened (%s: %s); set SKEIN_DEBUG=1 for the details"
              .formatted(thrown.getClass().getName(), message);
    };
  }

  static int exitCode(Throwable thrown) {
    if (System.getenv("SKEIN_DEBUG") != null) {
      thrown.printStackTrace(System.err);
    }
    return thrown instanceof Usage || thrown instanceof NoSuchFileException ? 2 : 1;
  }

  /// The server does not do what it was asked.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable JsonNode problem;

    Refused(String message) {
      this(message, null);
    }

    /// @param problem what it said; null if it said nothing
    Refused(String message, @Nullable JsonNode problem) {
      super(message);
      this.problem = problem;
    }

    @Nullable JsonNode problem() {
      return problem;
    }
  }

  /// The command was given something it cannot use.
  static final class Usage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Usage(String message) {
      super(message);
    }
  }
}
