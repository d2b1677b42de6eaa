package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Raises an error: an object of `type`, `status`, `instance`, `title`, `detail`.
public record RaiseTask(TaskBase base, JsonNode error) implements Task {}
