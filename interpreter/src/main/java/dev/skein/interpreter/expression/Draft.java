package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// A value while it is changed at one path after the other. Each container is copied when it is
/// first touched and changed in place from then on; so changing all n elements costs n, not n².
/// Owned by one run.
final class Draft {
  private static final int LARGEST_INDEX = 536_870_911;

  private final Meter meter;
  private JsonNode root;

  /// Containers copied by this draft that nobody else has seen.
  private final Set<JsonNode> mine = Collections.newSetFromMap(new IdentityHashMap<>(4));

  Draft(Meter meter, JsonNode root) {
    this.meter = meter;
    this.root = root;
  }

  JsonNode root() {
    return root;
  }

  /// What lies at the path now. The caller may keep it, so from then on it counts as seen.
  JsonNode get(List<JsonNode> keys) {
    JsonNode found = Paths.getPath(meter, root, keys);
    if (found.isContainer() && mine.contains(found)) {
      mine.clear();
    }
    return found;
  }

  void set(List<JsonNode> keys, JsonNode value) {
    root = set(root, keys, 0, value);
  }

  private JsonNode set(JsonNode at, List<JsonNode> keys, int index, JsonNode value) {
    if (index == keys.size()) {
      return value;
    }
    meter.nested(index);
    JsonNode key = keys.get(index);
    JsonNode child = Paths.getStep(meter, at, key);
    return put(at, key, set(child, keys, index + 1, value));
  }

  private JsonNode put(JsonNode at, JsonNode key, JsonNode value) {
    if (key.isString() && (at.isObject() || at.isNull())) {
      ObjectNode object = object(at);
      object.set(key.stringValue(), value);
      meter.charge(Meter.FIELD_BYTES);
      return object;
    }
    if (key.isNumber() && (at.isArray() || at.isNull())) {
      return putElement(at, Numbers.toDouble(key), value);
    }
    if (key.isObject() && (at.isArray() || at.isNull())) {
      return putSlice(at, key, value);
    }
    if (key.isObject() && at.isString()) {
      throw ExpressionException.evaluation("Cannot update string slices");
    }
    throw Paths.notIndexable(at, key);
  }

  private JsonNode putElement(JsonNode at, double position, JsonNode value) {
    if (Double.isNaN(position)) {
      throw ExpressionException.evaluation("Cannot set array element at NaN index");
    }
    double index = Math.floor(position < 0 ? position + at.size() : position);
    if (index < 0) {
      throw ExpressionException.evaluation("Out of bounds negative array index");
    }
    if (index > LARGEST_INDEX) {
      throw ExpressionException.evaluation("Array index too large");
    }
    int target = (int) index;
    meter.charge((long) Math.max(1, target + 1 - at.size()) * Meter.ELEMENT_BYTES);
    ArrayNode array = array(at);
    while (array.size() <= target) {
      array.add(NullNode.instance);
    }
    array.set(target, value);
    return array;
  }

  private JsonNode putSlice(JsonNode at, JsonNode slice, JsonNode value) {
    if (!value.isArray()) {
      throw ExpressionException.evaluation(
          "A slice of an array can only be assigned another array");
    }
    List<JsonNode> elements = new ArrayList<>(at.values());
    Paths.Range range = Paths.Range.of(slice, elements.size());
    List<JsonNode> replaced = elements.subList(range.from(), range.to());
    replaced.clear();
    replaced.addAll(value.values());
    return Values.array(meter, elements);
  }

  private ObjectNode object(JsonNode at) {
    if (at instanceof ObjectNode object && mine.contains(at)) {
      return object;
    }
    ObjectNode copy = Values.copy(meter, at);
    mine.add(copy);
    return copy;
  }

  private ArrayNode array(JsonNode at) {
    if (at instanceof ArrayNode array && mine.contains(at)) {
      return array;
    }
    meter.chargeArray(at.size());
    ArrayNode copy = new ArrayNode(JsonNodeFactory.instance, new ArrayList<>(at.values()));
    mine.add(copy);
    return copy;
  }
}
