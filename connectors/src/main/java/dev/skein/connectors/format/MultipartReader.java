package dev.skein.connectors.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The opposite of [Multipart]: parts that are text without a name of a file are strings, all
/// others are `{filename, contentType, content | base64}`. Used once.
final class MultipartReader {
  private static final int MOST_PARTS = 10_000;
  private static final int LONGEST_HEAD = 8 * 1024;

  private final byte[] bytes;
  private final String characters;
  private final ObjectNode fields = JsonNodeFactory.instance.objectNode();

  private MultipartReader(byte[] bytes) {
    this.bytes = bytes;
    // each byte one character, so that places are kept
    this.characters = new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static JsonNode read(byte[] bytes, MediaType type) throws InvalidBody {
    String boundary = type.parameters().getOrDefault("boundary", "");
    if (boundary.isEmpty()) {
      throw new InvalidBody("its Content-Type gives no boundary");
    }
    var reader = new MultipartReader(bytes);
    reader.parts("--" + boundary);
    return reader.fields;
  }

  private void parts(String delimiter) throws InvalidBody {
    int at = characters.startsWith(delimiter) ? 0 : characters.indexOf("\r\n" + delimiter);
    if (at < 0) {
      throw new InvalidBody("its boundary is nowhere in it");
    }
    at += at == 0 ? delimiter.length() : delimiter.length() + 2;
    for (int count = 0; !characters.startsWith("--", at); count++) {
      if (count == MOST_PARTS) {
        throw new InvalidBody("it has more than %d parts".formatted(MOST_PARTS));
      }
      int start = characters.indexOf("\r\n", at);
      int end = start < 0 ? -1 : characters.indexOf("\r\n" + delimiter, start);
      if (end < 0) {
        throw new InvalidBody("it ends within part %d".formatted(count));
      }
      part(start, end, count);
      at = end + 2 + delimiter.length();
    }
  }

  /// @param start of the line end before its head
  private void part(int start, int end, int number) throws InvalidBody {
    int headEnd = characters.indexOf("\r\n\r\n", start);
    if (headEnd < 0 || headEnd > end || headEnd - start > LONGEST_HEAD) {
      throw new InvalidBody("the head of part %d has no end".formatted(number));
    }
    String head = new String(bytes, start, headEnd - start, StandardCharsets.UTF_8);
    Map<String, String> headers = headers(head);
    MediaType disposition = MediaType.parse(headers.get("content-disposition"));
    String name = disposition.parameters().get("name");
    if (!disposition.name().equals("form-data") || name == null) {
      throw new InvalidBody("part %d has no name".formatted(number));
    }
    byte[] content = Arrays.copyOfRange(bytes, Math.min(headEnd + 4, end), end);
    String filename = disposition.parameters().get("filename");
    MediaType type = MediaType.parse(headers.get("content-type"));
    JsonNode text = Bodies.textOf(content, type);
    if (filename == null && text != null && (type.name().isEmpty() || type.isText())) {
      Values.add(fields, unquoted(name), text);
      return;
    }
    ObjectNode file = fields.objectNode();
    if (filename != null) {
      file.put("filename", unquoted(filename));
    }
    file.put("contentType", headers.getOrDefault("content-type", "text/plain"));
    if (text == null) {
      file.put("base64", Bodies.base64(content));
    } else {
      file.set("content", text);
    }
    Values.add(fields, unquoted(name), file);
  }

  private static Map<String, String> headers(String head) {
    var headers = new TreeMap<String, String>();
    for (String line : head.split("\r\n", -1)) {
      String[] parts = line.split(":", 2);
      if (parts.length == 2) {
        headers.putIfAbsent(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip());
      }
    }
    return headers;
  }

  private static String unquoted(String name) {
    return name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
  }
}
