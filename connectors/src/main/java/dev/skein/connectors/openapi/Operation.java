package dev.skein.connectors.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One operation of an API.
///
/// @param id its `operationId`; null if it has none
/// @param method in capitals
/// @param path a template, `/pets/{petId}`
/// @param pointer to it in its document
/// @param servers their URLs with the variables at their defaults, the operation's own first
/// @param body null if it takes none
/// @param responses by status: `200`, `4XX`, `default`
/// @param security the ways to prove oneself, each an object of schemes with their scopes; empty if
///   nobody has to
/// @param keys the API keys that may be given like parameters
public record Operation(
    @Nullable String id,
    String method,
    String path,
    String pointer,
    boolean deprecated,
    List<String> servers,
    List<Parameter> parameters,
    @Nullable Body body,
    Map<String, Response> responses,
    List<JsonNode> security,
    List<Parameter> keys) {
  /// @param content schemas by media type
  /// @param name under which it is given as a parameter
  public record Body(String name, boolean required, Map<String, JsonNode> content) {}

  /// @param content schemas by media type; empty for an answer without a body
  public record Response(Map<String, JsonNode> content) {}

  /// What is given of its body, and whether it must be: one name, or those of the fields of a form.
  public Map<String, Boolean> inBody() {
    if (body == null) {
      return Map.of();
    }
    if (!body.name().isEmpty()) {
      return Map.of(body.name(), body.required());
    }
    var fields = new LinkedHashMap<String, Boolean>();
    for (JsonNode schema : body.content().values()) {
      schema.path("properties").propertyNames().forEach(name -> fields.putIfAbsent(name, false));
      schema.path("required").forEach(name -> fields.put(name.asString(), true));
    }
    return fields;
  }

  /// What is said of an answer with that status; null if nothing is.
  public @Nullable Response response(int status) {
    return Stream.of(String.valueOf(status), status / 100 + "XX", "default")
        .filter(responses::containsKey)
        .findFirst()
        .map(responses::get)
        .orElse(null);
  }

  /// By its id, else by method and path.
  @Override
  public String toString() {
    return id == null ? method + " " + path : id;
  }
}
