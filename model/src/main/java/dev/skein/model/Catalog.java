package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A place where functions are published.
///
/// @param uri a URI, a URI template or an expression
/// @param authentication the policy, resolved
public record Catalog(JsonNode uri, @Nullable JsonNode authentication) {}
