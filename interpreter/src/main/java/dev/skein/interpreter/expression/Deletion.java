package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Deletes many paths at once: all of them mean places in the value as it was before.
final class Deletion {
  private final Meter meter;

  private Deletion(Meter meter) {
    this.meter = meter;
  }

  static JsonNode delete(Meter meter, JsonNode root, JsonNode paths) {
    if (!paths.isArray()) {
      throw ExpressionException.evaluation("Paths must be specified as an array");
    }
    List<JsonNode> sorted = new ArrayList<>(paths.values());
    meter.chargeArray(sorted.size());
    for (JsonNode path : sorted) {
      if (!path.isArray()) {
        throw ExpressionException.evaluation(
            "Path must be specified as array, not " + Values.type(path));
      }
    }
    sorted.sort((a, b) -> Values.compare(meter, a, b));
    if (sorted.isEmpty()) {
      return root;
    }
    return sorted.getFirst().isEmpty()
        ? NullNode.instance
        : new Deletion(meter).at(root, sorted, 0);
  }

  /// @param sorted paths that agree in their first `level` keys and are longer than that
  private JsonNode at(JsonNode container, List<JsonNode> sorted, int level) {
    meter.nested(level);
    JsonNode result = container;
    List<JsonNode> gone = new ArrayList<>();
    int from = 0;
    while (from < sorted.size()) {
      JsonNode key = sorted.get(from).get(level);
      int to = from + 1;
      while (to < sorted.size() && Values.equal(meter, key, sorted.get(to).get(level))) {
        to++;
      }
      if (sorted.get(from).size() == level + 1) {
        gone.add(key);
      } else {
        JsonNode child = Paths.getStep(meter, result, key);
        if (!child.isNull()) {
          Draft draft = new Draft(meter, result);
          draft.set(List.of(key), at(child, sorted.subList(from, to), level + 1));
          result = draft.root();
        }
      }
      from = to;
    }
    return gone.isEmpty() ? result : without(result, gone);
  }

  private JsonNode without(JsonNode container, List<JsonNode> keys) {
    return switch (container.getNodeType()) {
      case NULL, MISSING -> container;
      case OBJECT -> withoutFields(container, keys);
      case ARRAY -> withoutElements(container, keys);
      case STRING, NUMBER, BOOLEAN, BINARY, POJO ->
          throw ExpressionException.evaluation(
              "Cannot delete fields from " + Values.type(container));
    };
  }

  private JsonNode withoutFields(JsonNode object, List<JsonNode> keys) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    meter.chargeObject(object.size());
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      copy.set(field.getKey(), field.getValue());
    }
    for (JsonNode key : keys) {
      meter.step();
      if (!key.isString()) {
        throw ExpressionException.evaluation(
            "Cannot delete field at " + Values.type(key) + " index of object");
      }
      copy.remove(key.stringValue());
    }
    return copy;
  }

  private JsonNode withoutElements(JsonNode array, List<JsonNode> keys) {
    int size = array.size();
    BitSet gone = new BitSet(size);
    for (JsonNode key : keys) {
      meter.step();
      if (key.isObject()) {
        Paths.Range range = Paths.Range.of(key, size);
        gone.set(range.from(), range.to());
      } else if (key.isNumber()) {
        double index = Numbers.toDouble(key);
        double at = Math.floor(index < 0 ? index + size : index);
        if (at >= 0 && at < size) {
          gone.set((int) at);
        }
      } else {
        throw ExpressionException.evaluation("Cannot delete field at object index of array");
      }
    }
    List<JsonNode> kept = new ArrayList<>(size);
    for (int i = gone.nextClearBit(0); i < size; i = gone.nextClearBit(i + 1)) {
      kept.add(array.get(i));
    }
    return Values.array(meter, kept);
  }
}
