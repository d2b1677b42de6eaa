package dev.skein.cli.demo.checkout;

import dev.skein.cli.demo.checkout.LedgerEntry.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a ledger says now: the state of each order and the answer to each key. Built from the
/// entries alone, so that a restart knows all that was known before.
///
/// Guarded by the lock of its [LedgerService].
final class OrderBook {
  private static final class Order {
    boolean held;
    int effects;
    int releases;
    int unavailable;
  }

  private final Map<String, Order> orders = new TreeMap<>();
  private final Map<String, LedgerEntry> answers = new HashMap<>();
  private int entries;

  void add(LedgerEntry entry) {
    entries++;
    if (entry.key() != null) {
      answers.put(entry.key(), entry);
    }
    Order order = orders.computeIfAbsent(entry.orderId(), id -> new Order());
    switch (entry.event()) {
      case HELD -> {
        order.held = true;
        order.effects++;
      }
      case RELEASED -> {
        order.held = false;
        order.releases++;
      }
      case UNAVAILABLE -> order.unavailable++;
      case REFUSED, NOTHING -> {}
    }
  }

  int size() {
    return entries;
  }

  @Nullable LedgerEntry answerTo(String key) {
    return answers.get(key);
  }

  int timesUnavailable(String orderId) {
    Order order = orders.get(orderId);
    return order == null ? 0 : order.unavailable;
  }

  /// What undoing an order comes to.
  Event release(String orderId) {
    Order order = orders.get(orderId);
    return order != null && order.held ? Event.RELEASED : Event.NOTHING;
  }

  /// `{orderId: {state: held|released|none, effects, releases}}`, sorted by order.
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    orders.forEach((id, order) ->
        json.putObject(id)
            .put("state", order.held ? "held" : order.effects > 0 ? "released" : "none")
            .put("effects", order.effects)
            .put("releases", order.releases));
    return json;
  }
}
