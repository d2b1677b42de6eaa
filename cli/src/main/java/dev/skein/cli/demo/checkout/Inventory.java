package dev.skein.cli.demo.checkout;

import dev.skein.cli.demo.checkout.Service.Decision.Accepted;
import dev.skein.cli.demo.checkout.Service.Decision.Invalid;
import dev.skein.cli.demo.checkout.Service.Decision.Refused;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reserves stock: all the items of an order or none.
final class Inventory implements Service {
  private static final int MAX_QUANTITY = 1_000;

  private final Map<String, Integer> stock;
  private final Map<String, Map<String, Integer>> reserved = new HashMap<>();

  Inventory(Map<String, Integer> stock) {
    this.stock = new HashMap<>(stock);
  }

  @Override
  public String name() {
    return "inventory";
  }

  @Override
  public String holdPath() {
    return "/reservations";
  }

  @Override
  public Decision decide(JsonNode request, int number) {
    JsonNode items = request.path("items");
    if (!items.isArray() || items.isEmpty()) {
      return new Invalid("items must be an array of {sku, quantity}");
    }
    Map<String, Integer> wanted = new LinkedHashMap<>();
    for (JsonNode item : items) {
      String sku = item.path("sku").asString("");
      int quantity = item.path("quantity").asInt(0);
      if (!stock.containsKey(sku)) {
        return new Invalid("There is no article '%s'".formatted(sku));
      }
      if (quantity < 1 || quantity > MAX_QUANTITY) {
        return new Invalid("The quantity of %s must be 1 to %d".formatted(sku, MAX_QUANTITY));
      }
      wanted.merge(sku, quantity, Integer::sum);
    }
    for (Map.Entry<String, Integer> line : wanted.entrySet()) {
      int left = stock.getOrDefault(line.getKey(), 0);
      if (left < line.getValue()) {
        return new Refused(
            409,
            "Out of stock",
            "%d of %s wanted, %d left".formatted(line.getValue(), line.getKey(), left));
      }
    }
    ObjectNode note = JsonNodeFactory.instance.objectNode();
    wanted.forEach(note::put);
    return new Accepted(
        JsonNodeFactory.instance.objectNode().put("reservationId", "R-" + number), note);
  }

  @Override
  public void recorded(LedgerEntry entry) {
    switch (entry.event()) {
      case HELD -> {
        Map<String, Integer> held = reserved.computeIfAbsent(entry.orderId(), o -> new HashMap<>());
        entry
            .note()
            .properties()
            .forEach(line -> {
              stock.merge(line.getKey(), -line.getValue().asInt(), Integer::sum);
              held.merge(line.getKey(), line.getValue().asInt(), Integer::sum);
            });
      }
      case RELEASED -> {
        Map<String, Integer> held = reserved.remove(entry.orderId());
        if (held != null) {
          held.forEach((sku, quantity) -> stock.merge(sku, quantity, Integer::sum));
        }
      }
      case REFUSED, NOTHING, UNAVAILABLE -> {}
    }
  }
}
