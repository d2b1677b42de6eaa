package dev.skein.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A task of which only the common part is read.
///
/// @param siblings names of the tasks in the same list
record Draft(TaskBase base, Fields fields, Set<String> siblings, @Nullable Parallel parallel) {}
