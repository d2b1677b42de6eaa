package dev.skein.runtime;

import dev.skein.model.Diagnostic;
import java.util.List;

/// A workflow was refused; the diagnostics say where and why.
public final class InvalidDefinition extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  InvalidDefinition(List<Diagnostic> diagnostics) {
    super(diagnostics.isEmpty() ? "the workflow is not valid" : diagnostics.getFirst().message());
    this.diagnostics = List.copyOf(diagnostics);
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
