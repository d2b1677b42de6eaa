package dev.skein.runtime;

import dev.skein.kernel.journal.WorkflowRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be started.
///
/// @param input anything Jackson can write as JSON
/// @param id unique for ever; null for one made here
/// @param priority 1 (first) to 5; null for the workflow's own
/// @param attributes by which it can be found
public record Begin(
    WorkflowRef workflow,
    @Nullable Object input,
    @Nullable String id,
    @Nullable Integer priority,
    Map<String, String> attributes) {}
