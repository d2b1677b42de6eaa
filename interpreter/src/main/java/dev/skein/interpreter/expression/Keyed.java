package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// The elements of an array, each with the key it is ordered by.
final class Keyed {

  private record Item(JsonNode key, JsonNode value) {}

  private final Meter meter;
  private final List<Item> items;

  private Keyed(Meter meter, List<Item> items) {
    this.meter = meter;
    this.items = items;
  }

  /// Each element is its own key.
  static Keyed plain(Meter meter, JsonNode in, String purpose) {
    check(in, purpose);
    List<Item> items = new ArrayList<>(in.size());
    meter.chargeArray(in.size());
    for (JsonNode value : in.values()) {
      items.add(new Item(value, value));
    }
    return new Keyed(meter, items);
  }

  /// The key is the array of all outputs of the argument.
  static Keyed by(Env env, JsonNode in, List<Node> arguments, String purpose) {
    check(in, purpose);
    Node key = arguments.getFirst();
    List<Item> items = new ArrayList<>(in.size());
    env.meter.chargeArray(in.size());
    for (JsonNode value : in.values()) {
      env.meter.step();
      JsonNode by = key.single() ? key.value(env, value) : BuildNodes.collect(env, key, value);
      items.add(new Item(by, value));
    }
    return new Keyed(env.meter, items);
  }

  private static void check(JsonNode in, String purpose) {
    if (!in.isArray()) {
      throw ExpressionException.evaluation(
          Values.described(in) + " cannot be " + purpose + ", as it is not an array");
    }
  }

  private void sort() {
    items.sort((a, b) -> {
      meter.step();
      return Values.compare(meter, a.key, b.key);
    });
  }

  JsonNode sorted() {
    sort();
    List<JsonNode> values = new ArrayList<>(items.size());
    for (Item item : items) {
      values.add(item.value);
    }
    return Values.array(meter, values);
  }

  JsonNode groups() {
    sort();
    List<JsonNode> groups = new ArrayList<>();
    int from = 0;
    while (from < items.size()) {
      int to = end(from);
      List<JsonNode> group = new ArrayList<>(to - from);
      for (Item item : items.subList(from, to)) {
        group.add(item.value);
      }
      groups.add(Values.array(meter, group));
      from = to;
    }
    return Values.array(meter, groups);
  }

  /// The first of each group.
  JsonNode unique() {
    sort();
    List<JsonNode> firsts = new ArrayList<>();
    for (int from = 0; from < items.size(); from = end(from)) {
      firsts.add(items.get(from).value);
    }
    return Values.array(meter, firsts);
  }

  /// Where the group that starts there ends.
  private int end(int from) {
    int to = from + 1;
    while (to < items.size()
        && Values.compare(meter, items.get(from).key, items.get(to).key) == 0) {
      to++;
    }
    return to;
  }

  JsonNode least() {
    JsonNode least = NullNode.instance;
    JsonNode key = null;
    for (Item item : items) {
      meter.step();
      if (key == null || Values.compare(meter, item.key, key) < 0) {
        least = item.value;
        key = item.key;
      }
    }
    return least;
  }

  /// The last one of those that are equally great.
  JsonNode greatest() {
    JsonNode greatest = NullNode.instance;
    JsonNode key = null;
    for (Item item : items) {
      meter.step();
      if (key == null || Values.compare(meter, item.key, key) >= 0) {
        greatest = item.value;
        key = item.key;
      }
    }
    return greatest;
  }
}
