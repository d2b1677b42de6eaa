package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How data enters and leaves a task or a workflow.
///
/// @param inputFrom an expression or a template
/// @param inputSchema the `schema` object as written
/// @param outputAs an expression or a template
/// @param outputSchema the `schema` object as written
public record Data(
    @Nullable JsonNode inputFrom,
    @Nullable JsonNode inputSchema,
    @Nullable JsonNode outputAs,
    @Nullable JsonNode outputSchema) {
  public static final Data NONE = new Data(null, null, null, null);
}
