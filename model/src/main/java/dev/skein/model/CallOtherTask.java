package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Calls what the language knows and this version of Skein does not run, or a function of a catalog
/// that nobody has looked into.
///
/// @param callee `asyncapi`, `a2a`, `mcp`, or `NAME:VERSION@CATALOG`
/// @param with the arguments as written, an object
public record CallOtherTask(TaskBase base, String callee, JsonNode with) implements Task {}
