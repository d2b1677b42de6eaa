package dev.skein.kernel;

import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The events a run may still take: those in the log that were published since it started, or sent
/// to it, and that it has not taken. Owned by the run's lock.
final class Mailbox {
  private static final int EVENTS_A_READ = 100;

  private final Store store;
  private final Workflows workflows;
  private final long run;
  private final Map<EventFilter, Long> seen = new HashMap<>();
  private final Set<Long> taken = new HashSet<>();

  Mailbox(Store store, Workflows workflows, long run) {
    this.store = store;
    this.workflows = workflows;
    this.run = run;
  }

  /// Takes the oldest event that passes one of the filters; null if there is none yet.
  ///
  /// The log grows while it is read, once for each filter, so all look only as far as it reached at
  /// the beginning. Else of two events that come in between a later filter would see the younger,
  /// and the older, which an earlier one has just missed, would be passed over. What comes after
  /// that point is told to the run once it waits.
  @Nullable Event take(List<EventFilter> filters) {
    long upTo = filters.size() == 1 ? Long.MAX_VALUE : store.lastEvent();
    Event oldest = null;
    for (EventFilter filter : filters) {
      Event first = first(filter, upTo);
      if (first != null && (oldest == null || first.number() < oldest.number())) {
        oldest = first;
      }
    }
    if (oldest != null) {
      taken.add(oldest.number());
    }
    return oldest;
  }

  /// Every event up to `seen` that passes the filter has been taken.
  private @Nullable Event first(EventFilter filter, long upTo) {
    long from = seen.getOrDefault(filter, 0L);
    List<Event> page;
    do {
      page = store.eventsFor(run, filter.type(), from, EVENTS_A_READ);
      for (Event event : page) {
        if (event.number() > upTo) {
          seen.put(filter, from);
          return null;
        }
        if (!taken.contains(event.number()) && passes(workflows, filter, event)) {
          seen.put(filter, from);
          return event;
        }
        from = event.number();
      }
    } while (page.size() == EVENTS_A_READ);
    seen.put(filter, from);
    return null;
  }

  /// Everything the run has waited for here.
  Set<EventFilter> filters() {
    return Set.copyOf(seen.keySet());
  }

  /// What must bring the run back if it leaves while it waits for these.
  List<Listener> listeners(List<EventFilter> filters) {
    var listeners = new ArrayList<Listener>();
    for (EventFilter filter : filters) {
      long upTo = seen.getOrDefault(filter, 0L);
      listeners.add(new Listener(run, filter.type(), filter.condition(), upTo));
    }
    return listeners;
  }

  /// For who only nudges the run: a condition that fails is the run's to show, when it looks for
  /// itself, and must not keep the event from others.
  static boolean mayPass(Workflows workflows, EventFilter filter, Event event) {
    try {
      return passes(workflows, filter, event);
    } catch (RuntimeException e) {
      return true;
    }
  }

  private static boolean passes(Workflows workflows, EventFilter filter, Event event) {
    boolean typed =
        filter.type() == null
            ? !event.source().equals(Children.ENDED) // the kernel's own, asked for by type
            : filter.type().equals(event.type());
    return typed
        && (filter.condition().size() == 0
            || workflows.passes(filter.condition(), event.payload()));
  }
}
