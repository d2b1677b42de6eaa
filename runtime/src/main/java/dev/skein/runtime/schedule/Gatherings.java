package dev.skein.runtime.schedule;

import dev.skein.interpreter.Gathering;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Event;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The events that have come for one schedule and do not yet suffice for a start. An event goes to
/// the oldest gathering that wants it, else it begins one: so each event starts one run at most,
/// and events of several orders that arrive mixed find their own. Owned by the schedule's [Keeper].
final class Gatherings {
  private static final Logger LOG = LoggerFactory.getLogger(Gatherings.class);

  /// Beyond this the oldest is given up: what completes it will not come any more.
  static final int MOST_OPEN = 1_000;

  private final Supplier<Gathering> begin;
  private final LongFunction<Payload> events;
  private final List<Open> open = new ArrayList<>();
  private Gathering next;

  private record Open(Gathering gathering, List<Long> numbers) {}

  /// @param begin makes an empty one
  /// @param events finds an event by its number
  Gatherings(Supplier<Gathering> begin, LongFunction<Payload> events) {
    this.begin = begin;
    this.events = events;
    this.next = begin.get();
  }

  /// Goes on with those that were open.
  void restore(List<List<Long>> gathered) {
    for (List<Long> numbers : gathered) {
      open.add(new Open(again(numbers), new ArrayList<>(numbers)));
    }
  }

  /// What a start by these events has for its input.
  Payload input(List<Long> numbers) {
    return again(numbers).input();
  }

  private Gathering again(List<Long> numbers) {
    Gathering gathering = begin.get();
    numbers.forEach(number -> gathering.offer(events.apply(number)));
    return gathering;
  }

  /// The events that suffice for a start now that this one has come; null if they do not.
  @Nullable List<Long> offer(Event event) {
    for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
      Open one = each.next();
      if (one.gathering.offer(event.payload())) {
        one.numbers.add(event.number());
        if (one.gathering.isComplete()) {
          each.remove();
          return one.numbers;
        }
        return null;
      }
    }
    return begins(event);
  }

  private @Nullable List<Long> begins(Event event) {
    Gathering gathering = next;
    if (!gathering.offer(event.payload())) {
      return null;
    }
    next = begin.get();
    if (gathering.isEmpty()) {
      return null; // an end to events of which none had come
    }
    var numbers = new ArrayList<>(List.of(event.number()));
    if (gathering.isComplete()) {
      return numbers;
    }
    open.add(new Open(gathering, numbers));
    if (open.size() > MOST_OPEN) {
      LOG.warn("events {} are given up: too many wait for others", open.removeFirst().numbers);
    }
    return null;
  }

  List<List<Long>> gathered() {
    return open.stream().map(one -> List.copyOf(one.numbers)).toList();
  }

  void clear() {
    open.clear();
    next = begin.get();
  }
}
