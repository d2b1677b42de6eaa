package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a workflow is called, and what is said about it.
///
/// @param tags an object, empty if there are none
/// @param metadata an object, empty if there is none
public record Document(
    String dsl,
    String namespace,
    String name,
    String version,
    @Nullable String title,
    @Nullable String summary,
    JsonNode tags,
    JsonNode metadata) {}
