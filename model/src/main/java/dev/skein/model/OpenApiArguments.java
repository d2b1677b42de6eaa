package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The request of a {@link CallOpenApiTask}; its values may be templates.
///
/// @param file what the operation is described in; null if nobody looked
/// @param operationId a string
/// @param parameters an object; null for none
/// @param authentication the policy, resolved
/// @param output `raw`, `content` or `response`
public record OpenApiArguments(
    ExternalResource document,
    @Nullable ApiFile file,
    JsonNode operationId,
    @Nullable JsonNode parameters,
    @Nullable JsonNode authentication,
    String output,
    boolean redirect) {}
