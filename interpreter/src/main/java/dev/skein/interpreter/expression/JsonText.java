package dev.skein.interpreter.expression;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes values as JSON, the way `tojson` does.
final class JsonText {
  private final @Nullable Meter meter;
  private final int room;
  private final StringBuilder text = new StringBuilder();
  private int charged;

  private JsonText(@Nullable Meter meter, int room) {
    this.meter = meter;
    this.room = room;
  }

  static String of(Meter meter, JsonNode value) {
    JsonText json = new JsonText(meter, Integer.MAX_VALUE);
    json.write(value, 1);
    json.charge();
    return json.text.toString();
  }

  /// At least the first `length` characters, if there are so many.
  static String beginning(JsonNode value, int length) {
    JsonText json = new JsonText(null, length);
    json.write(value, 1);
    return json.text.toString();
  }

  private boolean full() {
    return text.length() >= room;
  }

  private void charge() {
    if (meter != null) {
      meter.step();
      meter.charge(2L * (text.length() - charged));
      charged = text.length();
    }
  }

  private void write(JsonNode value, int level) {
    switch (value.getNodeType()) {
      case NULL, MISSING -> text.append("null");
      case BOOLEAN -> text.append(value.booleanValue());
      case NUMBER -> text.append(Numbers.text(value));
      case STRING, BINARY, POJO -> quote(Values.text(value));
      case ARRAY -> writeArray(value, level);
      case OBJECT -> writeObject(value, level);
    }
  }

  private void enter(int level) {
    if (meter != null) {
      meter.nested(level);
    }
  }

  private void writeArray(JsonNode array, int level) {
    enter(level);
    text.append('[');
    String comma = "";
    for (JsonNode element : array.values()) {
      text.append(comma);
      write(element, level + 1);
      comma = ",";
      charge();
      if (full()) {
        return;
      }
    }
    text.append(']');
  }

  private void writeObject(JsonNode object, int level) {
    enter(level);
    text.append('{');
    String comma = "";
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      text.append(comma);
      quote(field.getKey());
      text.append(':');
      write(field.getValue(), level + 1);
      comma = ",";
      charge();
      if (full()) {
        return;
      }
    }
    text.append('}');
  }

  private void quote(String string) {
    text.append('"');
    for (int i = 0; i < string.length() && !full(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < ' ' || c == 127) {
            text.append("\\u00").append(Character.forDigit(c >> 4, 16));
            text.append(Character.forDigit(c & 15, 16));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
