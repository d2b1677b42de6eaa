package dev.skein.kernel;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event to be published.
///
/// @param source with `id`, what makes it one event however often it is published
/// @param payload what listeners take, in a form the layers above agree on
public record Announcement(String source, String id, String type, Payload payload) {
  /// @param run the one run that may take it; null for every run that listens
  Event at(Instant now, @Nullable Long run) {
    return new Event(0, run, source, id, type, payload, now);
  }
}
