package dev.skein.supervision.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// How everything was, as far back as rules compare with. Guarded by its owner.
final class Snapshots {
  private final Deque<Snapshot> all = new ArrayDeque<>();

  private record Snapshot(Instant at, JsonNode how) {}

  /// @param keep how far back it is asked for
  void add(Instant now, JsonNode how, Duration keep) {
    all.addLast(new Snapshot(now, how));
    Snapshot second = second();
    while (second != null && !second.at.isAfter(now.minus(keep))) {
      all.removeFirst();
      second = second();
    }
  }

  private @Nullable Snapshot second() {
    var each = all.iterator();
    each.next();
    return each.hasNext() ? each.next() : null;
  }

  JsonNode newest() {
    return all.isEmpty() ? JsonNodeFactory.instance.objectNode() : all.getLast().how;
  }

  /// As it was then, or as soon after as is known.
  JsonNode at(Instant then) {
    JsonNode found = newest();
    var newestFirst = all.descendingIterator();
    while (newestFirst.hasNext()) {
      Snapshot snapshot = newestFirst.next();
      found = snapshot.how;
      if (!snapshot.at.isAfter(then)) {
        break;
      }
    }
    return found;
  }
}
