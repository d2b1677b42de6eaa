package dev.skein.kernel;

import dev.skein.kernel.journal.WorkflowRef;
import org.jspecify.annotations.Nullable;

/// Finds the code of a workflow; null if it is not here (yet).
@FunctionalInterface
public interface Workflows {
  @Nullable Workflow find(WorkflowRef ref);
}
