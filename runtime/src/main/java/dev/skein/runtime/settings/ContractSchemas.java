package dev.skein.runtime.settings;

import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.ApiSchemas;
import dev.skein.connectors.openapi.ApiSchemas.Direction;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.openapi.SchemaChecks;
import dev.skein.interpreter.Schemas;
import dev.skein.model.DataSchema;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The schemas of one API, each compiled when it is first needed. Thread-safe.
public final class ContractSchemas implements SchemaChecks {
  private static final String ITSELF = "urn:skein:api:part";

  private final ApiSchemas api;
  private final Schemas schemas = new Schemas();

  /// Schemas are of one document, and the same ones each time.
  private final IdentityHashMap<JsonNode, DataSchema> sent = new IdentityHashMap<>();

  private final IdentityHashMap<JsonNode, DataSchema> answered = new IdentityHashMap<>();

  /// @throws InvalidApi if a reference leads to nothing, or out of the document
  public ContractSchemas(ApiDocument api) throws InvalidApi {
    this.api = new ApiSchemas(api);
  }

  @Override
  public List<String> violations(JsonNode schema, Direction direction, JsonNode value) {
    return schemas.violations(found(schema, direction), value).stream()
        .map(it -> it.pointer().isEmpty() ? it.message() : it.pointer() + " " + it.message())
        .toList();
  }

  private synchronized DataSchema found(JsonNode schema, Direction direction) {
    IdentityHashMap<JsonNode, DataSchema> known = direction == Direction.REQUEST ? sent : answered;
    return known.computeIfAbsent(schema, _ -> read(schema, direction));
  }

  private DataSchema read(JsonNode schema, Direction direction) {
    JsonNode itself;
    try {
      itself = api.schema(schema, direction);
    } catch (InvalidApi e) {
      throw new IllegalArgumentException("the schema is of another API", e);
    }
    Map<String, JsonNode> documents =
        Map.of(ITSELF, itself, direction.uri(), api.document(direction));
    return new DataSchema("json", DataSchema.NEWEST, new DataSchema.Documents(ITSELF, documents));
  }
}
