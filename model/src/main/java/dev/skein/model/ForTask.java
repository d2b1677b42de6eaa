package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Repeats tasks for every item of a collection.
///
/// @param each variable of the item
/// @param in an expression in a string, or the array itself
/// @param at variable of the index
/// @param whileCondition checked before each iteration
/// @param parallel absent for one iteration after the other
public record ForTask(
    TaskBase base,
    String each,
    JsonNode in,
    String at,
    @Nullable String whileCondition,
    List<Task> tasks,
    @Nullable Parallel parallel)
    implements Task {}
