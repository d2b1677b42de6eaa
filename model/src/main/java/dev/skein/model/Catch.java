package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which errors a {@link TryTask} catches, and what it does then.
///
/// @param filter the static filter `errors.with`, an object; a missing node if there is none
/// @param as variable of the error
/// @param tasks run once, when retries are exhausted or do not apply; may be empty
/// @param then where the flow goes after an error was caught; the task's own `then` if not given
public record Catch(
    JsonNode filter,
    String as,
    @Nullable String when,
    @Nullable String exceptWhen,
    @Nullable RetryPolicy retry,
    List<Task> tasks,
    Then then) {}
