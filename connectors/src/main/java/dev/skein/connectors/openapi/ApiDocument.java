package dev.skein.connectors.openapi;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An API as its document describes it: OpenAPI 3.0 or 3.1, or Swagger 2.0, which is read as the
/// 3.0 document that says the same. Only what lies within the document is looked at.
///
/// @param root the document, of OpenAPI 3
public record ApiDocument(JsonNode root, List<Operation> operations) {
  /// @throws InvalidApi if it is none, or not one that holds together
  public static ApiDocument read(JsonNode document) throws InvalidApi {
    String swagger = document.path("swagger").asString("");
    String openapi = document.path("openapi").asString("");
    if (swagger.equals("2.0")) {
      return new DocumentReader(Swagger2.asOpenApi3(document)).read();
    }
    if (openapi.startsWith("3.0.") || openapi.startsWith("3.1.")) {
      return new DocumentReader(document).read();
    }
    throw new InvalidApi(
        swagger.isEmpty() && openapi.isEmpty()
            ? "it has neither 'openapi' nor 'swagger'"
            : "its version is "
                + openapi
                + swagger
                + "; Swagger 2.0, OpenAPI 3.0 and 3.1 are read");
  }

  /// Null if there is none of that id.
  public @Nullable Operation operation(String id) {
    return operations.stream().filter(it -> id.equals(it.id())).findFirst().orElse(null);
  }

  /// Whether its schemas are those of OpenAPI 3.1, which is JSON Schema 2020-12.
  public boolean isJsonSchema() {
    return root.path("openapi").asString("").startsWith("3.1.");
  }
}
