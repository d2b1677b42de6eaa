package dev.skein.kernel;

import dev.skein.kernel.store.Message;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Messages that arrived for a run and that no step has taken. Owned by the run's lock.
final class Mailbox {
  private final TreeMap<Long, Message> waiting = new TreeMap<>();
  private final Set<Long> taken = new HashSet<>();

  /// A message may come twice, from the store and from its sender; it counts once.
  void add(Message message) {
    if (!taken.contains(message.id())) {
      waiting.put(message.id(), message);
    }
  }

  /// Takes the oldest of that name.
  @Nullable Message take(String name) {
    for (Message message : waiting.values()) {
      if (message.name().equals(name)) {
        waiting.remove(message.id());
        taken.add(message.id());
        return message;
      }
    }
    return null;
  }
}
