package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that are run before and after others.
///
/// @param extend the keyword of the tasks it extends, `composite` or `all`
/// @param when an expression; absent for always
public record Extension(
    String name, String extend, @Nullable String when, List<Task> before, List<Task> after) {}
