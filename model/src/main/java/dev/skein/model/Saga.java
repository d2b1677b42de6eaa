package dev.skein.model;

import java.util.Set;

/// How a workflow undoes what it has done.
public record Saga(boolean parallel, Set<On> on, RetryPolicy retry) {
  /// What makes it undo.
  public enum On {
    FAULT,
    CANCEL,
    TIMEOUT
  }
}
