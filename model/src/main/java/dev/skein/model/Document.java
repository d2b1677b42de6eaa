package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a workflow says of itself.
public record Document(
    String dsl,
    String namespace,
    String name,
    String version,
    @Nullable String title,
    @Nullable String summary,
    JsonNode tags,
    JsonNode metadata) {}
