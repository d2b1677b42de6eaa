package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Runs a task of `use.functions`.
public record CallFunctionTask(TaskBase base, String function, JsonNode with, Task target)
    implements Task {}
