package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// How long something may take: a duration as written, a string (ISO 8601 or an expression) or an object of units.
public record Timeout(JsonNode after) {}
