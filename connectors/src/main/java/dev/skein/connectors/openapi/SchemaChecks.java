package dev.skein.connectors.openapi;

import dev.skein.connectors.openapi.ApiSchemas.Direction;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Holds values against the schemas of one API. Thread-safe.
@FunctionalInterface
public interface SchemaChecks {
  /// What does not fit, each as a few words; nothing if everything does.
  ///
  /// @param schema as it stands in the API's document
  List<String> violations(JsonNode schema, Direction direction, JsonNode value);
}
