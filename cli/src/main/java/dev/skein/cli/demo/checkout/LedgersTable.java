package dev.skein.cli.demo.checkout;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Three ledgers side by side, one line per order, with a verdict: did all of it happen, none of
/// it, or something in between, which must not be?
///
/// @param payment what `GET /ledger` of the payment service answers, likewise the others
public record LedgersTable(JsonNode payment, JsonNode inventory, JsonNode shipping) {
  private static final List<String> HEAD =
      List.of("order", "payment", "inventory", "shipping", "verdict");

  /// What an order came to.
  public enum Verdict {
    /// Each service holds its part, once.
    ALL("all"),
    /// No service holds anything.
    NONE("none"),
    /// Some hold their part and others don't, or something happened twice.
    MIXED("MIXED");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// All orders that any of the ledgers knows, sorted.
  public Set<String> orders() {
    Set<String> orders = new TreeSet<>();
    ledgers().forEach(ledger -> orders.addAll(ledger.propertyNames()));
    return orders;
  }

  public Verdict verdict(String orderId) {
    int held = 0;
    for (JsonNode ledger : ledgers()) {
      JsonNode order = ledger.path(orderId);
      if (order.path("effects").asInt(0) > 1) {
        return Verdict.MIXED;
      }
      held += state(order).equals("held") ? 1 : 0;
    }
    return held == 0 ? Verdict.NONE : held == ledgers().size() ? Verdict.ALL : Verdict.MIXED;
  }

  /// Plain text, aligned, each line ended by a line feed.
  public String render() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (String order : orders()) {
      List<String> row = new ArrayList<>(List.of(order));
      ledgers().forEach(ledger -> row.add(cell(ledger.path(order))));
      row.add(verdict(order).toString());
      rows.add(row);
    }
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      table.append(line.toString().stripTrailing()).append('\n');
    }
    return table.toString();
  }

  private List<JsonNode> ledgers() {
    return List.of(payment, inventory, shipping);
  }

  private static String cell(JsonNode order) {
    int effects = order.path("effects").asInt(0);
    return effects > 1 ? state(order) + " x" + effects : state(order);
  }

  private static String state(JsonNode order) {
    return order.path("state").asString("none");
  }
}
