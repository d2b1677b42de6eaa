package dev.skein.interpreter;

import dev.skein.model.EventFilter;
import dev.skein.model.EventStrategy;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The filters of a strategy, and which of them still want an event. Owned by the thread that
/// listens.
final class Subscription {
  private static final EventFilter EVERYTHING =
      new EventFilter(JsonNodeFactory.instance.objectNode(), java.util.Map.of());

  private final List<EventFilter> filters;
  private final List<Integer> open = new ArrayList<>();
  private final boolean each;
  private final boolean endless;
  private boolean met;

  private Subscription(List<EventFilter> filters, boolean each, boolean endless) {
    this.filters = filters;
    this.each = each;
    this.endless = endless;
    for (int i = 0; i < filters.size(); i++) {
      open.add(i);
    }
    this.met = filters.isEmpty();
  }

  static Subscription of(EventStrategy strategy) {
    return switch (strategy) {
      case EventStrategy.One(EventFilter filter) -> new Subscription(List.of(filter), false, false);
      case EventStrategy.All(List<EventFilter> filters) -> new Subscription(filters, true, false);
      case EventStrategy.Any(List<EventFilter> filters, var until) ->
          new Subscription(filters.isEmpty() ? List.of(EVERYTHING) : filters, false, until != null);
    };
  }

  /// Those that want an event, by index.
  List<Integer> open() {
    return List.copyOf(open);
  }

  EventFilter filter(int index) {
    return filters.get(index);
  }

  /// The filter has got its event.
  void took(int index) {
    if (each) {
      open.remove(Integer.valueOf(index));
      met = open.isEmpty();
    } else {
      met = !endless;
    }
  }

  boolean isMet() {
    return met;
  }

  void write(ArrayNode state) {
    open.forEach(state::add);
  }

  void restore(JsonNode state) {
    open.clear();
    state.forEach(index -> open.add(index.asInt()));
  }
}
