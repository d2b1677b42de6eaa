package dev.skein.kernel;

import org.jspecify.annotations.Nullable;

/// How a step is done.
///
/// @param idempotencyKey sent with every attempt; null for one made of the run and the step's key
/// @param compensation registered as soon as the effect may have begun, withdrawn if it failed with
///   a known outcome
public record StepOptions(
    RetryPolicy retry, @Nullable String idempotencyKey, @Nullable Compensation compensation) {
  public static final StepOptions DEFAULT = new StepOptions(RetryPolicy.NONE, null, null);

  public StepOptions retry(RetryPolicy policy) {
    return new StepOptions(policy, idempotencyKey, compensation);
  }

  public StepOptions idempotencyKey(String key) {
    return new StepOptions(retry, key, compensation);
  }

  public StepOptions compensation(@Nullable Compensation undo) {
    return new StepOptions(retry, idempotencyKey, undo);
  }
}
