package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Waits.
///
/// @param duration as {@link Durations#parse} takes it, or an expression that gives one
public record WaitTask(TaskBase base, JsonNode duration) implements Task {}
