package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Calls one of `use.functions`, or a function of a catalog.
///
/// @param with the arguments, an object template; empty if there are none
/// @param target the function, with the reference `/use/functions/NAME` or
///   `/use/catalogs/CATALOG/NAME:VERSION`
public record CallFunctionTask(TaskBase base, String function, JsonNode with, Task target)
    implements Task {}
