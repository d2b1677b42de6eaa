package dev.skein.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An error of a workflow: problem details (RFC 7807).
///
/// @param instance JSON pointer to the task that raised it
public record Problem(
    String type,
    int status,
    @Nullable String title,
    @Nullable String detail,
    @Nullable String instance) {
  private static final String STANDARD = "https://open-workflow-specification.org/spec/1.0.0/errors/";
  private static final Set<String> STANDARD_HOSTS =
      Set.of("https://open-workflow-specification.org/", "https://serverlessworkflow.io/");
  private static final Set<String> STANDARD_PATHS = Set.of("spec/1.0.0/errors/", "dsl/errors/types/");

  /// The standard types, with the status each usually has.
  public enum Kind {
    CONFIGURATION("configuration", 400, "Configuration Error"),
    VALIDATION("validation", 400, "Validation Error"),
    EXPRESSION("expression", 400, "Expression Error"),
    AUTHENTICATION("authentication", 401, "Authentication Error"),
    AUTHORIZATION("authorization", 403, "Authorization Error"),
    TIMEOUT("timeout", 408, "Timeout"),
    COMMUNICATION("communication", 500, "Communication Error"),
    RUNTIME("runtime", 500, "Runtime Error");

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
      return new Problem(type(), status, title, detail, null);
    }

    public Problem problem(int otherStatus, String otherTitle, String detail) {
      return new Problem(type(), otherStatus, otherTitle, detail, null);
    }
  }

  public Problem at(String reference) {
    return instance != null ? this : new Problem(type, status, title, detail, reference);
  }

  /// Whether both name the same type; a standard one on either host and in either style of path.
  public static boolean sameType(String a, String b) {
    return standardName(a).equals(standardName(b));
  }

  private static String standardName(String type) {
    for (String host : STANDARD_HOSTS) {
      for (String path : STANDARD_PATHS) {
        if (type.startsWith(host + path)) {
          return STANDARD + type.substring(host.length() + path.length());
        }
      }
    }
    return type;
  }

  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", type);
    json.put("status", status);
    if (title != null) {
      json.put("title", title);
    }
    if (detail != null) {
      json.put("detail", detail);
    }
    if (instance != null) {
      json.put("instance", instance);
    }
    return json;
  }

  public static Problem fromJson(JsonNode json) {
    return new Problem(
        json.path("type").asString("about:blank"),
        json.path("status").asInt(500),
        text(json, "title"),
        text(json, "detail"),
        text(json, "instance"));
  }

  private static @Nullable String text(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value == null || value.isNull() ? null : value.asString();
  }
}
