package dev.skein.kernel;

import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads new events out of the log, in its order, and tells the runs that would take them: those in
/// memory, which are noted here by type, and those that have left it, which are noted in the store.
/// Telling is only a nudge; what a run takes it reads from the log itself. Thread-safe; one thread
/// at a time reads.
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int EVENTS_A_READ = 1_000;

  private final Store store;
  private final Workflows workflows;
  private final Residents residents;
  private final Activity activity;
  private final Listening listening = new Listening();
  private final Object turn = new Object();
  private final Iterable<Consumer<Event>> subscribers;
  private long told;

  /// @param subscribers are shown each event, in the log's order and at least once
  Events(
      Store store,
      Workflows workflows,
      Residents residents,
      Activity activity,
      Iterable<Consumer<Event>> subscribers) {
    this.store = store;
    this.subscribers = subscribers;
    this.workflows = workflows;
    this.residents = residents;
    this.activity = activity;
    this.told = store.lastEvent();
  }

  /// The runs in memory that listen.
  Listening listening() {
    return listening;
  }

  /// New events are durable.
  void committed() {
    activity.aside(
        "skein-events",
        () -> {
          try {
            tellAll();
          } catch (StoreException e) {
            LOG.debug("events are told again when the store is opened next", e);
          }
        });
  }

  private void tellAll() {
    synchronized (turn) {
      List<Event> events;
      do {
        events = store.events(told, EVENTS_A_READ);
        for (Event event : events) {
          tell(event);
          told = event.number();
        }
      } while (events.size() == EVENTS_A_READ);
    }
  }

  private void tell(Event event) {
    tellResidents(event, listening.to(event.type()));
    tellResidents(event, listening.toAny());
    for (Listener listener : store.listeners(event.type(), event.run())) {
      var filter = new EventFilter(listener.type(), listener.condition());
      if (Mailbox.mayPass(workflows, filter, event)) {
        residents.bring(listener.run(), new Request.Deliver(event));
      }
    }
    subscribers.forEach(subscriber -> show(event, subscriber));
  }

  /// Whoever fails at it holds up neither the runs nor the others.
  private static void show(Event event, Consumer<Event> subscriber) {
    try {
      subscriber.accept(event);
    } catch (RuntimeException e) {
      LOG.warn("a subscriber failed at event {} of {}", event.id(), event.source(), e);
    }
  }

  private void tellResidents(Event event, Set<Long> runs) {
    for (Long run : runs) {
      if (event.run() == null || event.run().equals(run)) {
        residents.bring(run, new Request.Deliver(event));
      }
    }
  }
}
