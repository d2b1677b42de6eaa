package dev.skein.kernel;

import dev.skein.kernel.journal.Payload;

/// A workflow is a blocking function. It runs on a virtual thread, may be run again from the start
/// at any time (replay), and must therefore touch the outside world, time and chance only through
/// its [Context].
@FunctionalInterface
public interface Workflow {
  /// @throws Exception whatever is thrown faults the run, after its compensations
  Payload run(Context context, Payload input) throws Exception;

  default SagaRules saga() {
    return SagaRules.DEFAULT;
  }
}
