package dev.skein.kernel.store;

import dev.skein.kernel.journal.Payload;
import org.jspecify.annotations.Nullable;

/// What a run that has left memory waits for: it is brought back for an event that passes.
///
/// @param type null for any
/// @param condition what else the event must meet, in a form the layers above agree on
/// @param seen the run has looked at the log up to this number
public record Listener(long run, @Nullable String type, Payload condition, long seen) {}
