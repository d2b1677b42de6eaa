package dev.skein.interpreter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Writes everyday JSON as UTF-8, byte for byte as the mapper would. Every task's input and output
/// is written down, and for a document of a few fields the mapper spends several times as long on
/// setting itself up as on writing. Owned by one thread.
final class JsonBytes {
  private static final int DEEPEST = 400;
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(ISO_8859_1);

  private byte[] buffer = new byte[256];
  private int size;

  private JsonBytes() {}

  /// Null for what only the mapper writes, or refuses: deep nesting, odd numbers, broken strings.
  static byte @Nullable [] of(JsonNode json) {
    var bytes = new JsonBytes();
    return bytes.write(json, 0) ? Arrays.copyOf(bytes.buffer, bytes.size) : null;
  }

  private boolean write(JsonNode json, int depth) {
    return switch (json) {
      case StringNode string -> string(string.stringValue());
      case ObjectNode object -> depth < DEEPEST && object(object, depth + 1);
      case ArrayNode array -> depth < DEEPEST && array(array, depth + 1);
      case IntNode number -> ascii(Integer.toString(number.intValue()));
      case LongNode number -> ascii(Long.toString(number.longValue()));
      case DoubleNode number ->
          Double.isFinite(number.doubleValue()) && ascii(Double.toString(number.doubleValue()));
      case BooleanNode bool -> ascii(bool.booleanValue() ? "true" : "false");
      case NullNode _ -> ascii("null");
      default -> false;
    };
  }

  private boolean object(ObjectNode object, int depth) {
    put('{');
    boolean first = true;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!first) {
        put(',');
      }
      first = false;
      if (!string(field.getKey())) {
        return false;
      }
      put(':');
      if (!write(field.getValue(), depth)) {
        return false;
      }
    }
    put('}');
    return true;
  }

  private boolean array(ArrayNode array, int depth) {
    put('[');
    boolean first = true;
    for (JsonNode element : array.values()) {
      if (!first) {
        put(',');
      }
      first = false;
      if (!write(element, depth)) {
        return false;
      }
    }
    put(']');
    return true;
  }

  private boolean string(String text) {
    put('"');
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      room(6);
      if (c < 0x80) {
        character(c);
      } else if (c < 0x800) {
        buffer[size++] = (byte) (0xC0 | (c >> 6));
        buffer[size++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        buffer[size++] = (byte) (0xE0 | (c >> 12));
        buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        buffer[size++] = (byte) (0x80 | (c & 0x3F));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        buffer[size++] = (byte) (0xF0 | (point >> 18));
        buffer[size++] = (byte) (0x80 | ((point >> 12) & 0x3F));
        buffer[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        buffer[size++] = (byte) (0x80 | (point & 0x3F));
      } else {
        return false;
      }
    }
    put('"');
    return true;
  }

  /// One character of ASCII; there is room.
  private void character(char c) {
    char letter =
        switch (c) {
          case '"', '\\' -> c;
          case '\b' -> 'b';
          case '\t' -> 't';
          case '\n' -> 'n';
          case '\f' -> 'f';
          case '\r' -> 'r';
          default -> 0;
        };
    if (letter != 0) {
      buffer[size++] = '\\';
      buffer[size++] = (byte) letter;
    } else if (c >= ' ') {
      buffer[size++] = (byte) c;
    } else {
      buffer[size++] = '\\';
      buffer[size++] = 'u';
      buffer[size++] = '0';
      buffer[size++] = '0';
      buffer[size++] = HEX[c >> 4];
      buffer[size++] = HEX[c & 15];
    }
  }

  @SuppressWarnings("deprecation") // the one call that copies ASCII without a detour
  private boolean ascii(String text) {
    room(text.length());
    text.getBytes(0, text.length(), buffer, size);
    size += text.length();
    return true;
  }

  private void put(char c) {
    room(1);
    buffer[size++] = (byte) c;
  }

  private void room(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
