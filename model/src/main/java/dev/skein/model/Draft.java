package dev.skein.model;

import java.util.Set;

/// A task half read: what all tasks have, and the object that the rest is read from.
///
/// @param siblings names of the tasks in the same list
record Draft(TaskBase base, Fields fields, Set<String> siblings, SkeinMetadata.OfTask skein) {}
