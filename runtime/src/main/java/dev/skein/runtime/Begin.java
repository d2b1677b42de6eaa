package dev.skein.runtime;

import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.access.AuditWriter.Act;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be started.
///
/// @param input anything Jackson can write as JSON
/// @param id unique for ever; null for one made here
/// @param priority 1 (first) to 5; null for the workflow's own
/// @param attributes by which it can be found
/// @param call what the audit log says of it, in the commit that creates the run and only if it
///   does; null if nothing, or if that is written down elsewhere
public record Begin(
    WorkflowRef workflow,
    @Nullable Object input,
    @Nullable String id,
    @Nullable Integer priority,
    Map<String, String> attributes,
    @Nullable Act call) {
  public Begin(
      WorkflowRef workflow,
      @Nullable Object input,
      @Nullable String id,
      @Nullable Integer priority,
      Map<String, String> attributes) {
    this(workflow, input, id, priority, attributes, null);
  }
}
