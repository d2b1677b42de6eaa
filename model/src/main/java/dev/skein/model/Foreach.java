package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What is done with each event of a {@link ListenTask}.
///
/// @param item variable of the event
/// @param at variable of its index
/// @param tasks may be empty
/// @param data its `output`
/// @param exportAs an expression or a template for the new context
public record Foreach(
    String item,
    String at,
    List<Task> tasks,
    Data data,
    @Nullable JsonNode exportAs,
    @Nullable DataSchema exportSchema) {}
