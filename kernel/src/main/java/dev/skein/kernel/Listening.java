package dev.skein.kernel;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which runs in memory listen, by the type of event. Thread-safe: a type's set is changed only
/// inside the map's own locking, else a run could be added to a set that another, leaving, has just
/// emptied and thrown away.
final class Listening {
  private static final String ANY = "";

  private final Map<String, Set<Long>> runs = new ConcurrentHashMap<>();

  void add(long run, List<EventFilter> filters) {
    for (EventFilter filter : filters) {
      runs.compute(
          typeOf(filter),
          (_, known) -> {
            Set<Long> some = known == null ? ConcurrentHashMap.newKeySet() : known;
            some.add(run);
            return some;
          });
    }
  }

  void remove(long run, Set<EventFilter> filters) {
    for (EventFilter filter : filters) {
      runs.computeIfPresent(
          typeOf(filter),
          (_, some) -> {
            some.remove(run);
            return some.isEmpty() ? null : some;
          });
    }
  }

  /// Those that listen to this type.
  Set<Long> to(String type) {
    return runs.getOrDefault(type, Set.of());
  }

  /// Those that listen to events of any type.
  Set<Long> toAny() {
    return to(ANY);
  }

  private static String typeOf(EventFilter filter) {
    return filter.type() == null ? ANY : filter.type();
  }
}
