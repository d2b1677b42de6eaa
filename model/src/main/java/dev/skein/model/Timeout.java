package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// A bound on how long a task or a workflow may take.
///
/// @param after a duration as {@link Durations#parse} takes it, or an expression that gives one
public record Timeout(JsonNode after) {}
