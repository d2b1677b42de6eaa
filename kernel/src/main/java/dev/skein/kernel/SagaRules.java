package dev.skein.kernel;

import java.util.Set;

/// When and in which order a run undoes what it has done.
public record SagaRules(Order order, Set<Cause> on) {
  public static final SagaRules DEFAULT = new SagaRules(Order.REVERSE, Set.of(Cause.values()));

  public SagaRules {
    on = Set.copyOf(on);
  }

  /// In which order compensations run.
  public enum Order {
    REVERSE,
    PARALLEL
  }

  /// What makes a run undo.
  public enum Cause {
    FAULT,
    CANCEL,
    TIMEOUT
  }
}
