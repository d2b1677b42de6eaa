package dev.skein.server.http;

import dev.skein.interpreter.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request that is not done, as problem details (RFC 9457) with a stable code.
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "urn:skein:problem:";

  private final int status;
  private final String code;
  private final transient Map<String, JsonNode> more;
  private final transient Map<String, String> headers;

  /// @param code in lower case with hyphens
  /// @param more members of the problem besides the standard ones
  public Refusal(int status, String code, String detail, Map<String, JsonNode> more) {
    this(status, code, detail, more, Map.of());
  }

  private Refusal(
      int status,
      String code,
      String detail,
      Map<String, JsonNode> more,
      Map<String, String> headers) {
    super(detail);
    this.status = status;
    this.code = code;
    this.more = more;
    this.headers = headers;
  }

  /// The same with headers besides the standard ones.
  public Refusal with(Map<String, String> others) {
    var all = new LinkedHashMap<>(headers);
    all.putAll(others);
    return new Refusal(status, code, String.valueOf(getMessage()), more, all);
  }

  /// @param allowed the methods that it takes there
  public static Refusal methodNotAllowed(Request request, SortedSet<String> allowed) {
    return Refusal.of(
            405,
            "method-not-allowed",
            "%s takes %s, not %s"
                .formatted(request.path(), String.join(", ", allowed), request.method()))
        .with(Map.of("Allow", String.join(", ", allowed)));
  }

  public static Refusal of(int status, String code, @Nullable String detail) {
    return new Refusal(status, code, String.valueOf(detail), Map.of());
  }

  /// The same with the code of an error as Java spells it.
  public static Refusal of(int status, Enum<?> code, @Nullable String detail) {
    return of(status, code.name().toLowerCase(Locale.ROOT).replace('_', '-'), detail);
  }

  /// What is refused before any route is asked.
  static Refusal ofProtocol(int status) {
    return switch (status) {
      case 413 -> of(413, "too-large", "the request is larger than it may be");
      case 414 -> of(414, "url-too-long", "the address is longer than it may be");
      case 431 -> of(431, "headers-too-large", "the headers are larger than they may be");
      case 503 -> of(503, "overloaded", "there are too many connections; try again in a second");
      case 505 -> of(505, "unsupported-version", "HTTP 1.1 is spoken here");
      default ->
          status < 500
              ? of(status, "malformed", "this is not a request as HTTP has it")
              : of(status, "internal", "the request could not be read");
    };
  }

  public static Refusal malformed(String detail) {
    return of(400, "malformed", detail);
  }

  public static Refusal forbidden(String detail) {
    return of(403, "forbidden", detail);
  }

  /// Of who has not shown who they are.
  public static Refusal unauthorized(String detail) {
    return of(401, "unauthorized", detail).with(Map.of("WWW-Authenticate", "Bearer"));
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public static Refusal notFound(String detail) {
    return of(404, "not-found", detail);
  }

  Answer answer(String requestId) {
    ObjectNode problem = Json.NODES.objectNode();
    problem.put("type", TYPE + code);
    problem.put("title", title());
    problem.put("status", status);
    problem.put("detail", getMessage());
    problem.put("code", code);
    problem.put("requestId", requestId);
    more.forEach(problem::set);
    return Answer.of(status, "application/problem+json", Json.text(problem)).with(headers);
  }

  private String title() {
    String words = code.replace('-', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
