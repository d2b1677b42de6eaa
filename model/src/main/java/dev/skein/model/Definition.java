package dev.skein.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A workflow that was read and found sound: every reference in it is resolved.
///
/// @param data the workflow's own `input` and `output`
/// @param attributes search attributes: a name and an expression or template each
/// @param source the whole document as JSON
public record Definition(
    Document document,
    List<Task> tasks,
    Use use,
    Data data,
    @Nullable Timeout timeout,
    Saga saga,
    Map<String, JsonNode> attributes,
    JsonNode source) {}
