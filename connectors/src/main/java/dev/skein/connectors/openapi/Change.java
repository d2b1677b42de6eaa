package dev.skein.connectors.openapi;

/// One difference between two versions of an API.
///
/// @param operation `METHOD /path`; empty for the API as a whole
/// @param where in the operation: `query parameter limit`, `response 200 .items[].price`
public record Change(Level level, String operation, String where, String what) {
  /// What it means for those who call the API as it was.
  public enum Level {
    /// Calls that worked fail, or answers are no longer what they were.
    BREAKING,
    /// Some may.
    RISKY,
    COMPATIBLE
  }

  @Override
  public String toString() {
    String place = operation.isEmpty() ? "" : operation + ": ";
    return place + (where.isEmpty() ? "" : where + " ") + what;
  }
}
