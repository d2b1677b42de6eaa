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

  public static Problem configuration(@Nullable String detail, @Nullable String instance) {
    return standard("configuration", 400, "Invalid configuration", detail, instance);
  }

  public static Problem validation(@Nullable String detail, @Nullable String instance) {
    return standard("validation", 400, "Invalid data", detail, instance);
  }

  public static Problem expression(@Nullable String detail, @Nullable String instance) {
    return standard("expression", 400, "Expression failed", detail, instance);
  }

  public static Problem authentication(@Nullable String detail, @Nullable String instance) {
    return standard("authentication", 401, "Not authenticated", detail, instance);
  }

  public static Problem authorization(@Nullable String detail, @Nullable String instance) {
    return standard("authorization", 403, "Not authorized", detail, instance);
  }

  public static Problem timeout(@Nullable String detail, @Nullable String instance) {
    return standard("timeout", 408, "Timed out", detail, instance);
  }

  public static Problem communication(@Nullable String detail, @Nullable String instance) {
    return standard("communication", 500, "Communication failed", detail, instance);
  }

  public static Problem runtime(@Nullable String detail, @Nullable String instance) {
    return standard("runtime", 500, "Runtime error", detail, instance);
  }

  private static Problem standard(
      String kind, int status, String title, @Nullable String detail, @Nullable String instance) {
    return new Problem(STANDARD + kind, status, title, detail, instance);
  }

  public Problem withStatus(int otherStatus) {
    return new Problem(type, otherStatus, title, detail, instance);
  }

  public Problem withInstance(@Nullable String otherInstance) {
    return new Problem(type, status, title, detail, otherInstance);
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
