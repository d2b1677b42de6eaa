package dev.skein.model;

import java.util.List;

/// What came of reading a document.
public sealed interface Reading {
  /// @param remarks warnings and notes, sorted by position
  record Read(Definition definition, List<Diagnostic> remarks) implements Reading {}

  /// @param diagnostics at least one error, and warnings; sorted by position
  record Refused(List<Diagnostic> diagnostics) implements Reading {}
}
