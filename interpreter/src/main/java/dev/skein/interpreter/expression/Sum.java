package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Adds up many values as `add` does. Strings, arrays and objects grow in place instead of being
/// copied for every summand. Owned by one run.
final class Sum {
  private final Meter meter;
  private JsonNode total = NullNode.instance;

  /// What `total` stands for while it grows; at most one of them is there.
  private @Nullable StringBuilder text;

  private @Nullable List<JsonNode> elements;
  private @Nullable ObjectNode object;

  Sum(Meter meter) {
    this.meter = meter;
  }

  void add(JsonNode value) {
    meter.step();
    if (value.isNull()) {
      return;
    }
    if (text != null && value.isString()) {
      append(text, value);
    } else if (elements != null && value.isArray()) {
      append(elements, value);
    } else if (object != null && value.isObject()) {
      append(object, value);
    } else {
      JsonNode before = total();
      if (before.isString() && value.isString()) {
        text = new StringBuilder(before.stringValue());
        append(text, value);
      } else if (before.isArray() && value.isArray()) {
        meter.chargeArray(before.size());
        elements = new ArrayList<>(before.values());
        append(elements, value);
      } else if (before.isObject() && value.isObject()) {
        object = Values.copy(meter, before);
        append(object, value);
      } else {
        total = Arithmetic.add(meter, before, value);
      }
    }
  }

  private void append(StringBuilder grown, JsonNode value) {
    meter.chargeText(value.stringValue().length());
    grown.append(value.stringValue());
  }

  private void append(List<JsonNode> grown, JsonNode value) {
    meter.chargeArray(value.size());
    grown.addAll(value.values());
  }

  private void append(ObjectNode grown, JsonNode value) {
    meter.chargeObject(value.size());
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      grown.set(field.getKey(), field.getValue());
    }
  }

  JsonNode total() {
    if (text != null) {
      total = Values.string(meter, text.toString());
      text = null;
    } else if (elements != null) {
      total = new ArrayNode(JsonNodeFactory.instance, elements);
      elements = null;
    } else if (object != null) {
      total = object;
      object = null;
    }
    return total;
  }
}
