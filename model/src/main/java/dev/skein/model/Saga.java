package dev.skein.model;

import java.util.Set;
import tools.jackson.databind.node.StringNode;

/// How a run's compensations run, from `document.metadata.skein.saga`.
///
/// @param parallel all at once, instead of in reverse order of completion
/// @param on what calls for compensation
/// @param retry how often a failing compensation is tried again
public record Saga(boolean parallel, Set<On> on, RetryPolicy retry) {
  public enum On {
    FAULT,
    CANCEL,
    TIMEOUT
  }

  /// From a second to a minute, without end: an undone half is worse than a late one.
  public static final RetryPolicy DEFAULT_RETRY =
      new RetryPolicy(
          null,
          null,
          StringNode.valueOf("PT1S"),
          new Backoff.Exponential(2, StringNode.valueOf("PT1M")),
          null,
          null,
          null,
          null,
          null);

  public static final Saga DEFAULT = new Saga(false, Set.of(On.values()), DEFAULT_RETRY);
}
