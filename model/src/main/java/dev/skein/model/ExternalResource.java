package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A document that lies elsewhere.
///
/// @param uri a URI, a URI template or an expression
/// @param authentication the policy, resolved
public record ExternalResource(
    @Nullable String name, JsonNode uri, @Nullable JsonNode authentication) {}
