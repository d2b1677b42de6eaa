package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The request of a {@link CallHttpTask}; its values may be templates.
///
/// @param method a string
/// @param endpoint the URI, URI template or expression: a string
/// @param authentication the policy, resolved: `{basic: {username, password}}` or `{bearer:
///   {token}}`
/// @param headers an object, or an expression in a string
/// @param query an object, or an expression in a string
/// @param output `raw`, `content` or `response`
/// @param redirect whether 3xx answers are results instead of errors
public record HttpArguments(
    JsonNode method,
    JsonNode endpoint,
    @Nullable JsonNode authentication,
    @Nullable JsonNode headers,
    @Nullable JsonNode body,
    @Nullable JsonNode query,
    String output,
    boolean redirect) {}
