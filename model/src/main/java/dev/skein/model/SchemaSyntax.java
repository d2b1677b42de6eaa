package dev.skein.model;

import org.jspecify.annotations.Nullable;

/// Knows whether a schema is one. The validator is behind it, so that this module needs none.
@FunctionalInterface
public interface SchemaSyntax {
  /// @param schema with all its documents
  /// @return what is wrong with it, or null
  @Nullable String mistake(DataSchema schema);
}
