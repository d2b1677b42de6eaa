package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What all tasks have in common.
///
/// @param reference JSON pointer with names, e.g. `/do/0/tryGetPet/try/0/getPet`
/// @param condition the `if` expression
/// @param exportAs an expression or a template for the new context
/// @param metadata an object, empty if there is none
/// @param compensate the tasks that undo this one, empty if there are none
/// @param idempotencyKey an expression or a template
/// @param definition the task as written
public record TaskBase(
    String name,
    String reference,
    @Nullable String condition,
    Data data,
    @Nullable JsonNode exportAs,
    @Nullable DataSchema exportSchema,
    @Nullable Timeout timeout,
    Then then,
    JsonNode metadata,
    List<Task> compensate,
    @Nullable JsonNode idempotencyKey,
    JsonNode definition,
    Position position) {}
