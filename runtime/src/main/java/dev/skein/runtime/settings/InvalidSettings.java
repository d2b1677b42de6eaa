package dev.skein.runtime.settings;

import dev.skein.model.Diagnostic;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A settings file was refused; the message has a line for each mistake.
public final class InvalidSettings extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidSettings(String message) {
    super(message);
  }

  InvalidSettings(Path file, List<Diagnostic> diagnostics) {
    super(
        diagnostics.stream()
            .map(diagnostic -> diagnostic.format(file.toString()))
            .collect(Collectors.joining("\n")));
  }
}
