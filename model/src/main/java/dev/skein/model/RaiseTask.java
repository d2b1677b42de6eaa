package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Raises an error.
///
/// @param error an object template with `type`, `status` and maybe `instance`, `title`, `detail`
public record RaiseTask(TaskBase base, JsonNode error) implements Task {}
