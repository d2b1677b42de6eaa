package dev.skein.kernel.store;

import dev.skein.kernel.journal.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that happened, in the durable log that runs listen to. Source and id together are
/// unique: what is published twice is there once.
///
/// @param number its place in the log, which the store gives it; 0 until then
/// @param run the one run that may take it; null for every run that listens
/// @param payload what listeners take, in a form the layers above agree on
public record Event(
    long number,
    @Nullable Long run,
    String source,
    String id,
    String type,
    Payload payload,
    Instant at) {
  public Event numbered(long place) {
    return new Event(place, run, source, id, type, payload, at);
  }
}
