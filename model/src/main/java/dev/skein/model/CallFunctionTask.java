package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Calls one of `use.functions`.
///
/// @param with the arguments, an object template; empty if there are none
/// @param target the function, with the reference `/use/functions/NAME`
public record CallFunctionTask(TaskBase base, String function, JsonNode with, Task target)
    implements Task {}
