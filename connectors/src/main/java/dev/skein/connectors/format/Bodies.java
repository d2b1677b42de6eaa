package dev.skein.connectors.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Writes values as bodies and reads them back, by their media type. What is a string already is
/// taken to be written in the format it goes out in; `{base64: …}` is bytes, where no format is at
/// hand.
public final class Bodies {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BASE64 = "base64";

  private Bodies() {}

  /// @param declared the content-type
  /// @throws InvalidBody if the value does not fit it
  public static WrittenBody write(JsonNode body, String declared) throws InvalidBody {
    MediaType type = MediaType.parse(declared);
    if (type.isJson()) {
      return new WrittenBody(body.toString().getBytes(StandardCharsets.UTF_8), declared);
    }
    if (type.isMultipartForm()) {
      return Multipart.write(body, declared);
    }
    if (type.isMultipart() && !body.isString()) {
      throw new InvalidBody("of all bodies of parts only multipart/form-data is written");
    }
    if (!type.isXml() && !type.isCsv() && !type.isForm() && isBytes(body)) {
      return new WrittenBody(fromBase64(body.path(BASE64).asString(), "the body"), declared);
    }
    return new WrittenBody(encoded(text(body, type), type.charset()), declared);
  }

  private static String text(JsonNode body, MediaType type) throws InvalidBody {
    if (body.isString()) {
      return body.asString();
    }
    if (type.isForm()) {
      return Form.write(body);
    }
    if (type.isXml()) {
      return XmlWriter.write(body, type.charset());
    }
    if (type.isCsv()) {
      return Csv.write(body);
    }
    if (type.isBytes()) {
      throw new InvalidBody(
          "bytes are written from text or from {base64: …}, not from " + Values.kind(body));
    }
    return body.toString();
  }

  private static boolean isBytes(JsonNode body) {
    return body.isObject() && body.size() == 1 && body.path(BASE64).isString();
  }

  private static byte[] encoded(String text, Charset charset) throws InvalidBody {
    try {
      ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(text));
      return Arrays.copyOfRange(
          bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
    } catch (CharacterCodingException | UnsupportedOperationException e) {
      throw new InvalidBody("it holds characters that %s does not have".formatted(charset), e);
    }
  }

  /// @param whose for the sentence, if it is not base64
  static byte[] fromBase64(String text, String whose) throws InvalidBody {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidBody("%s is not base64: %s".formatted(whose, e.getMessage()), e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// What the bytes say: a value where their format is known, else a string if they are text, else
  /// one of base64.
  ///
  /// @throws InvalidBody if they are not of their format
  public static JsonNode read(byte[] bytes, MediaType type) throws InvalidBody {
    if (type.isJson()) {
      return json(bytes);
    }
    if (type.isXml()) {
      return XmlReader.read(bytes, type.namesItsCharset() ? strictly(bytes, type) : null);
    }
    if (type.isCsv()) {
      boolean header = !type.parameters().getOrDefault("header", "").equals("absent");
      return Csv.read(strictly(bytes, type), header);
    }
    if (type.isForm()) {
      return Form.read(strictly(bytes, type));
    }
    return type.isMultipartForm() ? MultipartReader.read(bytes, type) : text(bytes, type);
  }

  private static JsonNode json(byte[] bytes) throws InvalidBody {
    try {
      JsonNode read = JSON.readTree(bytes);
      if (hasInfinity(read)) {
        throw new InvalidBody("it has a number that is too large");
      }
      return read;
    } catch (JacksonException e) {
      throw new InvalidBody(String.valueOf(e.getOriginalMessage()), e);
    }
  }

  /// What 1e999 becomes, and no JSON can say.
  private static boolean hasInfinity(JsonNode value) {
    if (value.isContainer()) {
      for (JsonNode part : value) {
        if (hasInfinity(part)) {
          return true;
        }
      }
      return false;
    }
    return value.isDouble() && !Double.isFinite(value.doubleValue());
  }

  private static String strictly(byte[] bytes, MediaType type) throws InvalidBody {
    try {
      String text = type.charset().newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidBody("its bytes are not text in " + type.charset(), e);
    }
  }

  /// A string, as text or, if the bytes are none, as base64.
  public static JsonNode text(byte[] bytes, MediaType type) {
    JsonNode text = textOf(bytes, type);
    return text == null ? JsonNodeFactory.instance.stringNode(base64(bytes)) : text;
  }

  static @Nullable JsonNode textOf(byte[] bytes, MediaType type) {
    String text = decoded(bytes, type);
    return text == null ? null : JsonNodeFactory.instance.stringNode(text);
  }

  /// Null if the bytes are not text.
  public static @Nullable String decoded(byte[] bytes, MediaType type) {
    if (type.isText()) {
      return new String(bytes, type.charset());
    }
    try {
      return type.charset().newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
