package dev.skein.kernel;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import org.jspecify.annotations.Nullable;

/// The effect of a step: a call to the outside world. May run more than once; each time with the
/// same idempotency key.
@FunctionalInterface
public interface Work {
  /// @throws Fault to say exactly how it failed; any other exception counts as a failure with
  ///   unknown outcome
  Payload run(Attempt attempt) throws Exception;

  /// @param idempotencyKey the same for every attempt of the step, also after a crash
  /// @param number from 1
  /// @param deferred the state that the attempt before left when it was [Deferred], else empty
  /// @param task the innermost task that the step belongs to; null if to none
  record Attempt(String idempotencyKey, int number, Payload deferred, @Nullable StepKey task) {}
}
