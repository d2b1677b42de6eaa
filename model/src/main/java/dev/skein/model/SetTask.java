package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Makes data: an object with expressions in it, or one expression.
public record SetTask(TaskBase base, JsonNode value) implements Task {}
