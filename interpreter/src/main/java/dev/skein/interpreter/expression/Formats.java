package dev.skein.interpreter.expression;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// `@text`, `@json`, `@csv` and the others: how a value reads in some other notation.
final class Formats {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private Formats() {}

  static void register(Builtins to) {
    to.format("text", ValueBuiltins::text);
    to.format("json", (meter, in) -> Values.string(meter, JsonText.of(meter, in)));
    to.format("csv", (meter, in) -> row(meter, in, "csv"));
    to.format("tsv", (meter, in) -> row(meter, in, "tsv"));
    to.format("html", Formats::html);
    to.format("uri", Formats::uri);
    to.format("sh", Formats::shell);
    to.format("base64", Formats::base64);
    to.format("base64d", Formats::fromBase64);
    to.format("base32", Formats::base32);
    to.format("base32d", Formats::fromBase32);
    to.function(
        "format",
        1,
        (env, in, a) -> to.formatter(BuildNodes.name(a.getFirst())).apply(env.meter, in));
  }

  private static String text(Meter meter, JsonNode in) {
    return ValueBuiltins.text(meter, in).stringValue();
  }

  private static JsonNode row(Meter meter, JsonNode in, String format) {
    if (!in.isArray()) {
      throw ExpressionException.evaluation(
          Values.described(in) + " cannot be " + format + "-formatted, only array");
    }
    boolean csv = format.equals("csv");
    StringBuilder row = new StringBuilder();
    String separator = "";
    for (JsonNode cell : in.values()) {
      meter.step();
      row.append(separator);
      separator = csv ? "," : "\t";
      switch (cell.getNodeType()) {
        case NULL, MISSING -> row.append("");
        case BOOLEAN -> row.append(cell.booleanValue());
        case NUMBER -> row.append(Numbers.text(cell));
        case STRING -> {
          String text = cell.stringValue();
          row.append(csv ? quoted(meter, text) : escaped(meter, text));
        }
        case ARRAY, OBJECT, BINARY, POJO ->
            throw ExpressionException.evaluation(
                Values.described(cell) + " is not valid in a csv row");
      }
    }
    return Values.string(meter, row.toString());
  }

  /// Puts a longer text for each of some characters. The result is charged before it is built, so
  /// that a text cannot grow past the limit in one go.
  private static String replaced(
      Meter meter, String text, String characters, List<String> replacements) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      int found = characters.indexOf(text.charAt(i));
      length += found < 0 ? 1 : replacements.get(found).length();
    }
    meter.chargeText(length);
    if (length == text.length()) {
      return text;
    }
    StringBuilder result = new StringBuilder((int) length);
    for (int i = 0; i < text.length(); i++) {
      int found = characters.indexOf(text.charAt(i));
      if (found < 0) {
        result.append(text.charAt(i));
      } else {
        result.append(replacements.get(found));
      }
    }
    return result.toString();
  }

  private static String quoted(Meter meter, String text) {
    return '"' + replaced(meter, text, "\"", List.of("\"\"")) + '"';
  }

  private static String escaped(Meter meter, String text) {
    return replaced(meter, text, "\\\t\n\r", List.of("\\\\", "\\t", "\\n", "\\r"));
  }

  private static JsonNode html(Meter meter, JsonNode in) {
    List<String> entities = List.of("&amp;", "&lt;", "&gt;", "&apos;", "&quot;");
    return StringNode.valueOf(replaced(meter, text(meter, in), "&<>'\"", entities));
  }

  private static JsonNode uri(Meter meter, JsonNode in) {
    byte[] octets = text(meter, in).getBytes(StandardCharsets.UTF_8);
    meter.chargeText(octets.length * 3L);
    StringBuilder encoded = new StringBuilder();
    for (byte octet : octets) {
      if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) {
        encoded.append((char) octet);
      } else {
        encoded.append('%');
        encoded.append(Character.toUpperCase(Character.forDigit((octet >> 4) & 15, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(octet & 15, 16)));
      }
    }
    return StringNode.valueOf(encoded.toString());
  }

  private static JsonNode shell(Meter meter, JsonNode in) {
    Iterable<JsonNode> words = in.isArray() ? in.values() : List.of(in);
    StringBuilder line = new StringBuilder();
    for (JsonNode word : words) {
      meter.step();
      if (word.isContainer()) {
        throw ExpressionException.evaluation(
            Values.described(word) + " can not be escaped for shell");
      }
      line.append(line.isEmpty() ? "" : " ");
      if (word.isString()) {
        String text = replaced(meter, word.stringValue(), "'", List.of("'\\''"));
        line.append('\'').append(text).append('\'');
      } else {
        line.append(text(meter, word));
      }
    }
    return Values.string(meter, line.toString());
  }

  private static JsonNode base64(Meter meter, JsonNode in) {
    String text = text(meter, in);
    meter.chargeText(text.length() * 2L);
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    return Values.string(meter, Base64.getEncoder().encodeToString(octets));
  }

  private static JsonNode fromBase64(Meter meter, JsonNode in) {
    String text = text(meter, in);
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      if (BASE64.indexOf(text.charAt(i)) < 0) {
        throw ExpressionException.evaluation(Values.described(in) + " is not valid base64 data");
      }
    }
    if (end % 4 == 1) {
      throw ExpressionException.evaluation(Values.described(in) + " trailing base64 byte found");
    }
    byte[] octets = Base64.getDecoder().decode(text.substring(0, end));
    return Values.string(meter, new String(octets, StandardCharsets.UTF_8));
  }

  private static JsonNode base32(Meter meter, JsonNode in) {
    String text = text(meter, in);
    meter.chargeText(text.length() * 2L);
    return Values.string(meter, Base32.encode(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonNode fromBase32(Meter meter, JsonNode in) {
    String text = text(meter, in);
    meter.charge(text.length());
    byte[] octets = Base32.decode(text);
    if (octets == null) {
      throw ExpressionException.evaluation(Values.described(in) + " is not valid base32 data");
    }
    return Values.string(meter, new String(octets, StandardCharsets.UTF_8));
  }
}
