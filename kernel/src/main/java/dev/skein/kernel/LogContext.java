package dev.skein.kernel;

import dev.skein.kernel.journal.StepKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// What log lines say of where they come from, on the threads of runs: `run` (its id) and `task`
/// (the name of the doing of one). The threads end with what they say.
final class LogContext {
  private static final String RUN = "run";
  private static final String TASK = "task";

  private LogContext() {}

  static void run(String id) {
    MDC.put(RUN, id);
  }

  /// @param task null outside of tasks
  static void task(@Nullable StepKey task) {
    if (task == null) {
      MDC.remove(TASK);
    } else {
      MDC.put(TASK, task.name());
    }
  }
}
