package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How data enters and leaves a task or a workflow; the schemas are as written under `schema`.
public record Data(
    @Nullable JsonNode inputFrom,
    @Nullable JsonNode inputSchema,
    @Nullable JsonNode outputAs,
    @Nullable JsonNode outputSchema) {}
