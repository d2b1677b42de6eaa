package dev.skein.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A workflow.
///
/// @param attributes search attributes by name, from `document.metadata.skein.attributes`
/// @param source the whole document
public record Definition(
    Document document,
    List<Task> tasks,
    Use use,
    Data data,
    @Nullable Timeout timeout,
    Saga saga,
    Map<String, JsonNode> attributes,
    JsonNode source) {}
