package dev.skein.connectors.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A body as bytes, with its content-type; both empty if there is no body.
@SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
record RequestBody(byte[] bytes, @Nullable String contentType) {
  private static final RequestBody NONE = new RequestBody(new byte[0], null);

  /// @param declared the caller's content-type, which decides how the body is written
  static RequestBody of(@Nullable JsonNode body, @Nullable String declared)
      throws HttpCallException {
    if (body == null || body.isMissingNode()) {
      return NONE;
    }
    if (declared == null) {
      return body.isString()
          ? utf8(body.asString(), "text/plain; charset=utf-8")
          : utf8(body.toString(), "application/json");
    }
    MediaType type = MediaType.parse(declared);
    if (type.isJson()) {
      return utf8(body.toString(), declared);
    }
    if (type.isForm() && body.isObject()) {
      return utf8(form(body), declared);
    }
    if (type.isMultipart()) {
      throw HttpCallException.configuration(
          "Bodies of type %s are not supported".formatted(declared));
    }
    String text = body.isString() ? body.asString() : body.toString();
    return new RequestBody(text.getBytes(type.charset()), declared);
  }

  private static RequestBody utf8(String text, String contentType) {
    return new RequestBody(text.getBytes(StandardCharsets.UTF_8), contentType);
  }

  private static String form(JsonNode body) {
    List<String> pairs = new ArrayList<>();
    body.properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          Iterable<JsonNode> all = value.isArray() ? value : List.of(value);
          for (JsonNode one : all) {
            pairs.add(encoded(field.getKey()) + "=" + encoded(text(one)));
          }
        });
    return String.join("&", pairs);
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isString() ? value.asString() : value.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
