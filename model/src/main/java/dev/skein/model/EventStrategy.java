package dev.skein.model;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which events are consumed, and when it is enough.
public sealed interface EventStrategy {
  /// Every filter in it, those that end it included.
  default List<EventFilter> everyFilter() {
    return switch (this) {
      case One(EventFilter filter) -> List.of(filter);
      case All(List<EventFilter> filters) -> filters;
      case Any(List<EventFilter> filters, Until.Consumed(EventStrategy events)) ->
          Stream.concat(filters.stream(), events.everyFilter().stream()).toList();
      case Any(List<EventFilter> filters, _) -> filters;
    };
  }

  /// One event.
  record One(EventFilter filter) implements EventStrategy {}

  /// One event for each of the filters, in any order.
  record All(List<EventFilter> filters) implements EventStrategy {}

  /// Any event that passes one of the filters, all events if there are none.
  ///
  /// @param until absent for the first event only
  record Any(List<EventFilter> filters, @Nullable Until until) implements EventStrategy {}

  /// When to stop consuming.
  sealed interface Until {
    /// When an expression over the events consumed so far holds.
    record Holds(String condition) implements Until {}

    /// When these, which do not count among the others, have been consumed.
    record Consumed(EventStrategy events) implements Until {}
  }
}
