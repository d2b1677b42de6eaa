package dev.skein.runtime;

import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the log of events from its end, with who has taken which. Thread-safe.
public final class EventLog {
  private static final int AT_ONCE = 500;
  private static final int LOOKED_THROUGH = 20_000;
  private static final int MOST_TAKERS = 20;

  private final Store store;

  EventLog(Store store) {
    this.store = store;
  }

  /// @param sentTo the id of the one run that it was sent to; null if it is for all
  /// @param takers ids of runs that have taken it, the oldest first; no more than 20
  public record Logged(Event event, @Nullable String sentTo, List<String> takers) {}

  /// @param next below which number it goes on; null if there is no more
  public record Page(List<Logged> events, @Nullable Long next) {}

  /// Events with a smaller number, newest first. There may be few, or none, though there are more:
  /// then so much was looked through that whoever asks should say whether to go on.
  ///
  /// @param type what the types of the events begin with; null for any
  /// @param below null for the newest
  public Page page(@Nullable String type, @Nullable Long below, int limit) {
    var found = new ArrayList<Logged>();
    long end = below == null ? store.lastEvent() + 1 : below;
    long enough = end - LOOKED_THROUGH;
    while (end > Math.max(1, enough)) {
      long begin = Math.max(0, end - 1 - AT_ONCE);
      for (Event event : before(begin, end)) {
        if (type == null || event.type().startsWith(type)) {
          found.add(logged(event));
        }
        if (found.size() == limit) {
          return new Page(found, event.number() > 1 ? event.number() : null);
        }
      }
      end = begin + 1;
    }
    return new Page(found, end > 1 ? end : null);
  }

  /// Null if there is none of that number, or its history is gone.
  public @Nullable Logged find(long number) {
    List<Event> found = number < 1 ? List.of() : store.events(number - 1, 1);
    return found.isEmpty() || found.getFirst().number() != number ? null : logged(found.getFirst());
  }

  private List<Event> before(long begin, long end) {
    return store.events(begin, AT_ONCE).stream()
        .filter(event -> event.number() < end)
        .toList()
        .reversed();
  }

  private Logged logged(Event event) {
    RunRow run = event.run() == null ? null : store.run(event.run());
    return new Logged(
        event, run == null ? null : run.id(), store.takers(event.number(), MOST_TAKERS));
  }
}
