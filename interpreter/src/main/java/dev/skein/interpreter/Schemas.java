package dev.skein.interpreter;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.skein.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Validates data against the schemas of a workflow; each is compiled once. Thread-safe.
final class Schemas {
  private static final int MOST_ERRORS = 5;

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

  /// @param schema as written under `schema`; null accepts everything
  /// @param what is validated, for the error
  void validate(@Nullable JsonNode schema, JsonNode data, String what) {
    if (schema == null) {
      return;
    }
    if (!schema.has("document") || !schema.path("format").asString("json").startsWith("json")) {
      throw Problems.fault(
          Problem.Kind.CONFIGURATION.problem(
              "the schema of "
                  + what
                  + " lies elsewhere or is no JSON schema: this version of"
                  + " Skein does not check it"));
    }
    JsonNode document = schema.path("document");
    List<Error> errors = compiled.computeIfAbsent(document, registry::getSchema).validate(data);
    if (!errors.isEmpty()) {
      List<String> messages =
          errors.stream()
              .limit(MOST_ERRORS)
              .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
              .toList();
      throw Problems.fault(
          Problem.Kind.VALIDATION.problem(
              what + " does not fit its schema: " + String.join("; ", messages)));
    }
  }
}
