package dev.skein.kernel.store;

import dev.skein.kernel.journal.Payload;
import java.time.Instant;

/// Something sent to a run, waiting in its mailbox until a step takes it.
///
/// @param id time-ordered; the order in which messages of one name are taken
public record Message(long id, long run, String name, Payload payload, Instant at) {}
