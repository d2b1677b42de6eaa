package dev.skein.connectors.http;

import dev.skein.connectors.format.Bodies;
import dev.skein.connectors.format.InvalidBody;
import dev.skein.connectors.format.MediaType;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a server answered, whole, and what it means: an output or an error.
///
/// @param headers without regard to case; repeated ones joined by commas
@SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
record Answer(int status, String reason, Map<String, String> headers, byte[] body) {
  private static final int DETAIL_CHARS = 2_000;
  // an error is journaled with its body: keep what a person or a catch can use
  private static final int KEPT_BODY_BYTES = 64 * 1024;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  boolean isError(boolean redirectsAllowed) {
    return status < 200 || status >= (redirectsAllowed ? 400 : 300);
  }

  JsonNode output(Request request) throws HttpCallException {
    return switch (request.call().output()) {
      case RAW -> NODES.stringNode(Base64.getEncoder().encodeToString(body));
      case CONTENT -> content(request);
      case RESPONSE -> response(request);
    };
  }

  HttpCallException error(Request request, Instant now) {
    Kind kind =
        switch (status) {
          case 401 -> Kind.AUTHENTICATION;
          case 403 -> Kind.AUTHORIZATION;
          default -> Kind.COMMUNICATION;
        };
    // a gateway that got no answer knows no more than we do
    boolean outcomeUnknown = status == 502 || status == 504;
    JsonNode kept = body.length == 0 || body.length > KEPT_BODY_BYTES ? null : leniently();
    String title = reason.isBlank() ? "HTTP status " + status : reason;
    String detail = "%s answered %d %s".formatted(request, status, reason).strip();
    if (kept != null && kept.isObject() && mediaType().isProblem()) {
      title = kept.path("title").asString(title);
      detail = kept.path("detail").asString(detail);
    } else if (body.length > 0) {
      String text = Bodies.decoded(body, mediaType());
      detail = text == null ? detail + " with %d bytes".formatted(body.length) : text;
    }
    Failure failure =
        new Failure(
            kind,
            status,
            excerpt(title),
            excerpt(detail),
            outcomeUnknown,
            retryAfter(now),
            kept,
            headers.get("WWW-Authenticate"),
            status < 400 ? headers.get("Location") : null);
    return new HttpCallException(failure, HttpCallException.Reach.ANSWERED, null);
  }

  /// This answer with its body unpacked, if the server packed it.
  Answer unpacked(Request request, int limitBytes) throws HttpCallException {
    if (body.length == 0 || !"gzip".equalsIgnoreCase(headers.get("Content-Encoding"))) {
      return this;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] unpacked = in.readNBytes(limitBytes);
      if (in.read() >= 0) {
        throw HttpCallException.tooLarge(
            "The answer to %s is larger than %d bytes unpacked".formatted(request, limitBytes));
      }
      return new Answer(status, reason, headers, unpacked);
    } catch (IOException e) {
      throw HttpCallException.invalidAnswer(
          "%s got an answer that is not valid gzip: %s".formatted(request, e.getMessage()), e);
    }
  }

  private JsonNode response(Request request) throws HttpCallException {
    ObjectNode response = NODES.objectNode();
    ObjectNode sent = response.putObject("request");
    sent.put("method", request.call().method());
    sent.put("uri", request.shownUri());
    ObjectNode sentHeaders = sent.putObject("headers");
    request.shownHeaders().forEach(sentHeaders::put);
    response.put("statusCode", status);
    ObjectNode received = response.putObject("headers");
    headers.forEach(received::put);
    response.set("content", content(request));
    return response;
  }

  private JsonNode content(Request request) throws HttpCallException {
    if (body.length == 0) {
      return NODES.nullNode();
    }
    try {
      return Bodies.read(body, mediaType());
    } catch (InvalidBody e) {
      throw HttpCallException.invalidAnswer(
          "%s got an answer that is not valid %s: %s"
              .formatted(
                  request, mediaType().isJson() ? "JSON" : mediaType().name(), e.getMessage()),
          e);
    }
  }

  /// An error stays an error even if its body is not what it claims to be.
  private JsonNode leniently() {
    try {
      return Bodies.read(body, mediaType());
    } catch (InvalidBody e) {
      return Bodies.text(body, mediaType());
    }
  }

  private MediaType mediaType() {
    return MediaType.parse(headers.get("Content-Type"));
  }

  private @Nullable Duration retryAfter(Instant now) {
    String value = headers.get("Retry-After");
    if (value == null) {
      return null;
    }
    try {
      if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Duration.ofSeconds(Long.parseLong(value));
      }
    } catch (NumberFormatException e) {
      return null; // advice nobody can read is no advice
    }
    Instant end = HttpDate.parse(value, now);
    if (end == null) {
      return null;
    }
    Duration wait = Duration.between(now, end);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private static String excerpt(String text) {
    return text.length() <= DETAIL_CHARS ? text : text.substring(0, DETAIL_CHARS - 1) + "…";
  }
}
