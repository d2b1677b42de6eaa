package dev.skein.model;

import java.util.List;

/// What came of reading a document.
public sealed interface Reading {
  record Read(Definition definition) implements Reading {}

  /// @param diagnostics at least one, sorted by position
  record Refused(List<Diagnostic> diagnostics) implements Reading {}
}
