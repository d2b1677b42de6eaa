package dev.skein.model;

import java.net.URI;
import tools.jackson.databind.JsonNode;

/// An OpenAPI document as it was when its workflow was read.
///
/// @param uri absolute, or relative to the workflow's own document
public record ApiFile(URI uri, JsonNode content) {}
