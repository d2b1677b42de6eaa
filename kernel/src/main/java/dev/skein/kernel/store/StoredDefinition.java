package dev.skein.kernel.store;

import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;
import java.util.Map;

/// A deployed workflow as its author wrote it, with what it refers to outside of itself.
///
/// @param resources the SHA-256 of each resource's content, by the URI it was found under; the
///   contents are blobs
public record StoredDefinition(
    WorkflowRef workflow, String source, Map<String, String> resources, Instant deployedAt) {
  public StoredDefinition {
    resources = Map.copyOf(resources);
  }

  /// Whether it is the same workflow with the same resources, whenever it was deployed.
  public boolean sameAs(StoredDefinition other) {
    return workflow.equals(other.workflow)
        && source.equals(other.source)
        && resources.equals(other.resources);
  }
}
