package dev.skein.kernel.store;

import java.time.Instant;

/// A problem of a run that needs somebody.
///
/// @param kind a stable code: `divergence`, `journal-damaged`, `not-undone`; others of layers above
/// @param details what there is to see, for people; several lines
public record Incident(
    long id, long run, String kind, String summary, String details, Instant openedAt) {}
