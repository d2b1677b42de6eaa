package dev.skein.connectors.http;

import dev.skein.connectors.format.Bodies;
import dev.skein.connectors.format.InvalidBody;
import dev.skein.connectors.format.WrittenBody;
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
    String type = declared;
    if (type == null) {
      type = body.isString() ? "text/plain; charset=utf-8" : "application/json";
    }
    try {
      WrittenBody written = Bodies.write(body, type);
      return new RequestBody(written.bytes(), written.contentType());
    } catch (InvalidBody e) {
      throw HttpCallException.configuration(
          "The body cannot be sent as %s: %s".formatted(type, e.getMessage()));
    }
  }
}
