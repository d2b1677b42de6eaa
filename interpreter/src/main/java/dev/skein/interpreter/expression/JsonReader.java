package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one JSON value for `fromjson`, charging what it builds. `nan` is read as NaN, as jq does.
final class JsonReader {
  private final Meter meter;
  private final String source;
  private int at;

  private JsonReader(Meter meter, String source) {
    this.meter = meter;
    this.source = source;
  }

  static JsonNode read(Meter meter, String source) {
    JsonReader reader = new JsonReader(meter, source);
    reader.blanks();
    JsonNode value = reader.value(1);
    reader.blanks();
    if (reader.at < source.length()) {
      throw reader.failed("Unexpected extra JSON values");
    }
    return value;
  }

  private ExpressionException failed(String message) {
    String shown = source.length() < 30 ? source : source.substring(0, 27) + "...";
    return ExpressionException.evaluation(
        message + " at line 1, column " + at + " (while parsing '" + shown + "')");
  }

  private JsonNode value(int level) {
    meter.nested(level);
    meter.step();
    if (at == source.length()) {
      throw failed(level == 1 ? "Expected JSON value" : "Unfinished JSON term");
    }
    return switch (source.charAt(at)) {
      case '{' -> object(level);
      case '[' -> array(level);
      case '"' -> Values.string(meter, string());
      default -> literal();
    };
  }

  private JsonNode literal() {
    int start = at;
    while (at < source.length() && isWord(source.charAt(at))) {
      at++;
    }
    String word = source.substring(start, at);
    JsonNode value =
        switch (word) {
          case "null" -> NullNode.instance;
          case "true" -> BooleanNode.TRUE;
          case "false" -> BooleanNode.FALSE;
          case "nan", "NaN", "-nan", "-NaN" -> DoubleNode.valueOf(Double.NaN);
          default -> Numbers.tryParse(word);
        };
    if (value == null) {
      throw failed(word.isEmpty() ? "Unexpected character" : "Invalid literal");
    }
    return value;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || "+-._".indexOf(c) >= 0;
  }

  private JsonNode array(int level) {
    List<JsonNode> elements = new ArrayList<>();
    at++;
    blanks();
    if (!take(']')) {
      do {
        blanks();
        elements.add(value(level + 1));
        meter.charge(Meter.ELEMENT_BYTES);
        blanks();
      } while (take(','));
      expect(']');
    }
    return Values.array(meter, elements);
  }

  private JsonNode object(int level) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    meter.chargeObject(0);
    at++;
    blanks();
    if (!take('}')) {
      do {
        blanks();
        if (at == source.length() || source.charAt(at) != '"') {
          throw failed(
              at == source.length() ? "Unfinished JSON term" : "Object keys must be strings");
        }
        String key = string();
        blanks();
        expect(':');
        blanks();
        meter.chargeObject(1);
        object.set(key, value(level + 1));
        blanks();
      } while (take(','));
      expect('}');
    }
    return object;
  }

  private String string() {
    StringBuilder text = new StringBuilder();
    at++;
    while (at < source.length()) {
      char c = source.charAt(at++);
      if (c == '"') {
        return text.toString();
      }
      text.append(c == '\\' ? escape() : c);
    }
    throw failed("Unfinished string");
  }

  private char escape() {
    char c = at < source.length() ? source.charAt(at++) : '\0';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = at < source.length() ? Character.digit(source.charAt(at++), 16) : -1;
          if (digit < 0) {
            throw failed("Invalid escape");
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> throw failed("Invalid escape");
    };
  }

  private boolean take(char wanted) {
    if (at < source.length() && source.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (!take(wanted)) {
      throw failed(at == source.length() ? "Unfinished JSON term" : "Expected '" + wanted + "'");
    }
  }

  private void blanks() {
    while (at < source.length() && " \t\r\n".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
  }
}
