package dev.skein.kernel;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import org.jspecify.annotations.Nullable;

/// What the kernel asks the layers above.
@FunctionalInterface
public interface Workflows {
  /// The code of a workflow; null if it is not here (yet).
  @Nullable Workflow find(WorkflowRef ref);

  /// Whether an event meets the condition of an [EventFilter]. Must give the same answer whenever
  /// it is asked.
  ///
  /// @param condition never empty
  default boolean passes(Payload condition, Payload event) {
    return true;
  }

  /// Who tells the world what happens to runs.
  default Herald herald() {
    return Herald.SILENT;
  }
}
