package dev.skein.runtime.resource;

import dev.skein.kernel.journal.Payload;
import dev.skein.model.Resources;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a definition was pinned to when it was deployed, and nothing else.
///
/// @param contents by URI; null for one that is not pinned
public record PinnedResources(Function<String, @Nullable Payload> contents) implements Resources {
  @Override
  public Found find(Wanted wanted) {
    Payload content = contents.apply(wanted.uri().toString());
    try {
      return content == null ? new Found.Unread() : new Found.Text(Texts.decoded(content));
    } catch (Unavailable e) {
      return new Found.Failed(String.valueOf(e.getMessage()), e.hint());
    }
  }
}
