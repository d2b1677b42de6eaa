package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What every task has.
///
/// @param reference JSON pointer with names, such as `/do/0/tryGetPet/try/0/getPet`
/// @param condition the expression under `if`
/// @param compensate the tasks that undo this one, from `metadata.skein.compensate`
/// @param idempotencyKey template that overrides the key sent with calls
/// @param definition the task as written
public record TaskBase(
    String name,
    String reference,
    @Nullable String condition,
    Data data,
    @Nullable JsonNode exportAs,
    @Nullable JsonNode exportSchema,
    @Nullable Timeout timeout,
    Then then,
    JsonNode metadata,
    List<Task> compensate,
    @Nullable JsonNode idempotencyKey,
    JsonNode definition,
    Position position) {}
