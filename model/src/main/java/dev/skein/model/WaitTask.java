package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Waits for a duration as written.
public record WaitTask(TaskBase base, JsonNode duration) implements Task {}
