package dev.skein.kernel.store;

import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;

/// A deployed workflow as its author wrote it.
public record StoredDefinition(WorkflowRef workflow, String source, Instant deployedAt) {}
