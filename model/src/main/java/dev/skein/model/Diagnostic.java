package dev.skein.model;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with a document.
///
/// @param line from 1
/// @param column from 1
/// @param path JSON pointer of the value; empty for the document as a whole
/// @param hint what to do about it
public record Diagnostic(int line, int column, String path, String message, @Nullable String hint) {

  /// The diagnostic on one line: `FILE:LINE:COLUMN: MESSAGE (at PATH); HINT`.
  public String format(String file) {
    String where = path.isEmpty() ? "" : " (at " + path + ")";
    String advice = hint == null ? "" : "; " + hint;
    return file + ":" + line + ":" + column + ": " + message + where + advice;
  }
}
