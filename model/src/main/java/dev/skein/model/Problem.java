package dev.skein.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An error as problem details (RFC 7807).
///
/// @param instance JSON pointer of the task it comes from
public record Problem(
    String type,
    int status,
    @Nullable String title,
    @Nullable String detail,
    @Nullable String instance) {

  private static final String STANDARD =
      "https://open-workflow-specification.org/spec/1.0.0/errors/";

  private static final Set<String> KINDS =
      Set.of(
          "configuration",
          "validation",
          "expression",
          "authentication",
          "authorization",
          "timeout",
          "communication",
          "runtime");

  /// The standard types, with the status and title each usually has.
  public enum Kind {
    CONFIGURATION("configuration", 400, "Invalid configuration"),
    VALIDATION("validation", 400, "Invalid data"),
    EXPRESSION("expression", 400, "Expression failed"),
    AUTHENTICATION("authentication", 401, "Not authenticated"),
    AUTHORIZATION("authorization", 403, "Not authorized"),
    TIMEOUT("timeout", 408, "Timed out"),
    COMMUNICATION("communication", 500, "Communication failed"),
    RUNTIME("runtime", 500, "Runtime error");

    private final String path;
    private final int status;
    private final String title;

    Kind(String path, int status, String title) {
      this.path = path;
      this.status = status;
      this.title = title;
    }

    public String type() {
      return STANDARD + path;
    }

    public Problem problem(String detail) {
      return problem(status, title, detail);
    }

    public Problem problem(int otherStatus, String otherTitle, String detail) {
      return new Problem(type(), otherStatus, otherTitle, detail, null);
    }
  }

  /// The same with that instance, if it has none yet.
  public Problem at(String reference) {
    return instance != null ? this : new Problem(type, status, title, detail, reference);
  }

  /// The members that are set, in the order of the RFC.
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", type);
    json.put("status", status);
    putIfSet(json, "title", title);
    putIfSet(json, "detail", detail);
    putIfSet(json, "instance", instance);
    return json;
  }

  private static void putIfSet(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /// Reads what {@link #toJson} writes. What is not there, or is not of its type, is read as a
  /// runtime error with status 500.
  public static Problem fromJson(JsonNode json) {
    String type = text(json, "type");
    JsonNode status = json.path("status");
    return new Problem(
        type == null ? STANDARD + "runtime" : type,
        status.isNumber() && status.canConvertToInt() ? status.intValue() : 500,
        text(json, "title"),
        text(json, "detail"),
        text(json, "instance"));
  }

  private static @Nullable String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    return value.isString() ? value.stringValue() : null;
  }

  /// Whether two error types are the same: standard ones by their kind, whichever host and path
  /// they are written with, others by equality.
  public static boolean sameType(String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    String kind = standardKind(a);
    return kind != null && kind.equals(standardKind(b));
  }

  private static @Nullable String standardKind(String type) {
    int host = type.startsWith("https://") ? 8 : type.startsWith("http://") ? 7 : -1;
    int path = host < 0 ? -1 : type.indexOf('/', host);
    if (path < 0) {
      return null;
    }
    boolean ours =
        switch (type.substring(host, path)) {
          case "open-workflow-specification.org", "serverlessworkflow.io" -> true;
          default -> false;
        };
    int last = type.lastIndexOf('/') + 1;
    String folder = type.substring(path, last);
    boolean errors = folder.equals("/dsl/errors/types/") || isVersionedErrors(folder);
    String kind = type.substring(last);
    return ours && errors && KINDS.contains(kind) ? kind : null;
  }

  private static boolean isVersionedErrors(String folder) {
    String start = "/spec/";
    String end = "/errors/";
    int versionEnd = folder.length() - end.length();
    return folder.startsWith(start)
        && folder.endsWith(end)
        && versionEnd > start.length()
        && folder.substring(start.length(), versionEnd).startsWith("1.0.");
  }
}
