package dev.skein.connectors.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Forms of parts (RFC 7578): an object's members are the parts, an array's items are parts of the
/// same name. Text is a part as it is; `{filename, contentType, content | base64}` is a file; any
/// other object is a part of JSON.
///
/// The boundary is made of the content, so that a request sent again is the same to the byte, and
/// nobody who writes a part can know it.
final class Multipart {
  private static final Set<String> OF_A_FILE =
      Set.of("filename", "contentType", "content", "base64");
  private static final Pattern BOUNDARY = Pattern.compile("[0-9A-Za-z'()+_,./:=?\\- ]{1,70}(?<! )");
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+(;[ -~]*)?");

  private Multipart() {}

  /// @param head the lines of its header, each with its end
  @SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
  private record Part(String head, byte[] content) {
    byte[] headBytes() {
      return head.getBytes(StandardCharsets.UTF_8);
    }
  }

  /// @param declared the content-type, with a boundary or without
  static WrittenBody write(JsonNode body, String declared) throws InvalidBody {
    String given = MediaType.parse(declared).parameters().get("boundary");
    if (body.isString() && given != null) {
      return new WrittenBody(body.asString().getBytes(StandardCharsets.UTF_8), declared);
    }
    if (!body.isObject()) {
      throw new InvalidBody(
          "the parts of a form are written from an object, not from " + Values.kind(body));
    }
    List<Part> parts = parts(body);
    if (parts.isEmpty()) {
      throw new InvalidBody("a form of parts has at least one; the object has none");
    }
    if (given == null) {
      String boundary = boundary(parts);
      return new WrittenBody(joined(parts, boundary), declared + "; boundary=" + boundary);
    }
    if (!BOUNDARY.matcher(given).matches()) {
      throw new InvalidBody("'%s' can be no boundary".formatted(given));
    }
    checkUnused(parts, "--" + given);
    return new WrittenBody(joined(parts, given), declared);
  }

  private static List<Part> parts(JsonNode body) throws InvalidBody {
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      if (member.getValue().isArray()) {
        for (JsonNode item : member.getValue()) {
          parts.add(part(member.getKey(), item));
        }
      } else {
        parts.add(part(member.getKey(), member.getValue()));
      }
    }
    return parts;
  }

  private static Part part(String name, JsonNode value) throws InvalidBody {
    if (isFile(value)) {
      return file(name, value);
    }
    String type = value.isContainer() ? "application/json" : null;
    return part(name, null, type, Values.text(value).getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isFile(JsonNode value) {
    return value.isObject()
        && (value.has("content") || value.has("base64"))
        && OF_A_FILE.containsAll(value.propertyNames());
  }

  private static Part file(String name, JsonNode file) throws InvalidBody {
    String filename = text(name, file, "filename");
    String type = text(name, file, "contentType");
    if (type != null && !CONTENT_TYPE.matcher(type).matches()) {
      throw new InvalidBody("the part '%s' has '%s' for its contentType".formatted(name, type));
    }
    String base64 = text(name, file, "base64");
    if (base64 == null) {
      JsonNode content = file.path("content");
      String other = content.isString() ? "text/plain; charset=utf-8" : "application/json";
      WrittenBody written = written(name, content, type == null ? other : type);
      return part(name, filename, written.contentType(), written.bytes());
    }
    if (file.has("content")) {
      throw new InvalidBody("the part '%s' has both content and base64".formatted(name));
    }
    byte[] bytes = Bodies.fromBase64(base64, "the part '" + name + "'");
    return part(name, filename, type == null ? "application/octet-stream" : type, bytes);
  }

  private static WrittenBody written(String name, JsonNode content, String type)
      throws InvalidBody {
    if (MediaType.parse(type).isMultipart()) {
      throw new InvalidBody("the part '%s' is of parts itself".formatted(name));
    }
    try {
      return Bodies.write(content, type);
    } catch (InvalidBody e) {
      throw new InvalidBody("the part '%s': %s".formatted(name, e.getMessage()), e);
    }
  }

  private static @Nullable String text(String name, JsonNode file, String member)
      throws InvalidBody {
    JsonNode value = file.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new InvalidBody(
          "the %s of the part '%s' is %s".formatted(member, name, Values.kind(value)));
    }
    return value.asString();
  }

  private static Part part(
      String name, @Nullable String filename, @Nullable String type, byte[] content) {
    var head = new StringBuilder("Content-Disposition: form-data; name=\"" + quoted(name) + "\"");
    if (filename != null) {
      head.append("; filename=\"").append(quoted(filename)).append('"');
    }
    head.append("\r\n");
    if (type != null) {
      head.append("Content-Type: ").append(type).append("\r\n");
    }
    return new Part(head.toString(), content);
  }

  /// What would end the name, or the line, as all browsers write it (RFC 7578, 2).
  private static String quoted(String name) {
    return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String boundary(List<Part> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Part part : parts) {
        digest.update((part.head + part.content.length + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(part.content);
      }
      return "skein-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void checkUnused(List<Part> parts, String delimiter) throws InvalidBody {
    for (Part part : parts) {
      // each byte one character, so that places are kept
      String content = new String(part.content, StandardCharsets.ISO_8859_1);
      if (content.contains(delimiter) || part.head.contains(delimiter)) {
        throw new InvalidBody("a part holds the boundary that the Content-Type gives");
      }
    }
  }

  private static byte[] joined(List<Part> parts, String boundary) {
    var bytes = new ByteArrayOutputStream();
    byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
    byte[] lineEnd = {'\r', '\n'};
    for (Part part : parts) {
      bytes.writeBytes(delimiter);
      bytes.writeBytes(lineEnd);
      bytes.writeBytes(part.headBytes());
      bytes.writeBytes(lineEnd);
      bytes.writeBytes(part.content);
      bytes.writeBytes(lineEnd);
    }
    bytes.writeBytes(delimiter);
    bytes.writeBytes("--\r\n".getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }
}
