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
    to.format("html", (meter, in) -> Values.string(meter, html(text(meter, in))));
    to.format("uri", (meter, in) -> Values.string(meter, uri(text(meter, in))));
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
          meter.chargeText(cell.stringValue().length());
          row.append(csv ? quoted(cell.stringValue()) : escaped(cell.stringValue()));
        }
        case ARRAY, OBJECT, BINARY, POJO ->
            throw ExpressionException.evaluation(
                Values.described(cell) + " is not valid in a csv row");
      }
    }
    return Values.string(meter, row.toString());
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&apos;")
        .replace("\"", "&quot;");
  }

  private static String uri(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) {
        encoded.append((char) octet);
      } else {
        encoded.append('%');
        encoded.append(Character.toUpperCase(Character.forDigit((octet >> 4) & 15, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(octet & 15, 16)));
      }
    }
    return encoded.toString();
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
      meter.chargeText(0);
      String text = text(meter, word);
      line.append(word.isString() ? "'" + text.replace("'", "'\\''") + "'" : text);
    }
    return Values.string(meter, line.toString());
  }

  private static JsonNode base64(Meter meter, JsonNode in) {
    byte[] octets = text(meter, in).getBytes(StandardCharsets.UTF_8);
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
    byte[] octets = text(meter, in).getBytes(StandardCharsets.UTF_8);
    meter.chargeText(octets.length * 2L);
    return StringNode.valueOf(Base32.encode(octets));
  }

  private static JsonNode fromBase32(Meter meter, JsonNode in) {
    byte[] octets = Base32.decode(text(meter, in));
    if (octets == null) {
      throw ExpressionException.evaluation(Values.described(in) + " is not valid base32 data");
    }
    return Values.string(meter, new String(octets, StandardCharsets.UTF_8));
  }
}
