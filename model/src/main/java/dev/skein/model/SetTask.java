package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Sets data.
///
/// @param value an object template, or an expression in a string
public record SetTask(TaskBase base, JsonNode value) implements Task {}
