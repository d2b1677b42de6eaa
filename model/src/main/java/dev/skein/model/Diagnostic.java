package dev.skein.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing to say about a document.
///
/// @param line from 1
/// @param column from 1
/// @param path JSON pointer of the value; empty for the document as a whole
/// @param hint what to do about it
public record Diagnostic(
    Severity severity,
    Code code,
    int line,
    int column,
    String path,
    String message,
    @Nullable String hint) {

  public enum Severity {
    /// The document is refused.
    ERROR,
    /// The document is accepted, and probably not what was meant.
    WARNING,
    /// A fact about the document.
    NOTE;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /// The diagnostic on one line: `FILE:LINE:COLUMN MESSAGE; HINT`, where anything but an error says
  /// first what it is.
  public String format(String file) {
    String kind = isError() ? "" : severity.id() + ": ";
    String advice = hint == null ? "" : "; " + hint;
    return file + ":" + line + ":" + column + " " + kind + message + advice;
  }
}
