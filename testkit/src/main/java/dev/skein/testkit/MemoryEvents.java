package dev.skein.testkit;

import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The log of events of a [MemoryStore], who has taken what, and who listens. Guarded by the
/// store's monitor.
final class MemoryEvents {
  private final TreeMap<Long, Event> log = new TreeMap<>();
  private final Set<List<String>> once = new HashSet<>();
  private final Map<Long, Long> since = new HashMap<>();
  private final Map<Long, Set<Long>> taken = new HashMap<>();
  private final TreeMap<Long, List<Listener>> listeners = new TreeMap<>();

  void copy(MemoryEvents other) {
    log.putAll(other.log);
    once.addAll(other.once);
    since.putAll(other.since);
    other.taken.forEach((run, events) -> taken.put(run, new HashSet<>(events)));
    listeners.putAll(other.listeners);
  }

  void created(long run) {
    since.put(run, last());
  }

  void publish(Event event) {
    if (once.add(List.of(event.source(), event.id()))) {
      long number = last() + 1;
      log.put(number, event.numbered(number));
    }
  }

  boolean hasTaken(long run, long event) {
    return taken.getOrDefault(run, Set.of()).contains(event);
  }

  void take(long run, long event) {
    taken.computeIfAbsent(run, _ -> new HashSet<>()).add(event);
  }

  void listen(long run, List<Listener> all) {
    listeners.put(run, List.copyOf(all));
  }

  long last() {
    return log.isEmpty() ? 0 : log.lastKey();
  }

  List<Event> after(long number, int limit) {
    return log.tailMap(number, false).values().stream().limit(limit).toList();
  }

  List<Event> forRun(long run, @Nullable String type, long after, int limit) {
    Set<Long> gone = taken.getOrDefault(run, Set.of());
    return log.tailMap(after, false).values().stream()
        .filter(event -> type == null || type.equals(event.type()))
        .filter(event -> reaches(event, run) && !gone.contains(event.number()))
        .limit(limit)
        .toList();
  }

  private boolean reaches(Event event, long run) {
    Long only = event.run();
    return only == null ? event.number() > since.getOrDefault(run, 0L) : only == run;
  }

  List<Listener> listeners(String type, @Nullable Long run) {
    var found = new ArrayList<Listener>();
    for (List<Listener> ofRun : listeners.values()) {
      for (Listener listener : ofRun) {
        boolean typed = listener.type() == null || listener.type().equals(type);
        if (typed && (run == null || run == listener.run())) {
          found.add(listener);
        }
      }
    }
    return found;
  }

  List<Long> runsWithNews() {
    return listeners.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(this::hasNews))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean hasNews(Listener listener) {
    return log.tailMap(listener.seen(), false).values().stream()
        .filter(event -> listener.type() == null || listener.type().equals(event.type()))
        .anyMatch(event -> reaches(event, listener.run()));
  }
}
