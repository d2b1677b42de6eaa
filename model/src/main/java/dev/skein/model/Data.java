package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How data enters and leaves a task or a workflow.
///
/// @param inputFrom an expression or a template
/// @param outputAs an expression or a template
public record Data(
    @Nullable JsonNode inputFrom,
    @Nullable DataSchema inputSchema,
    @Nullable JsonNode outputAs,
    @Nullable DataSchema outputSchema) {
  public static final Data NONE = new Data(null, null, null, null);
}
