package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `input`, `output` and `export` with their schemas.
final class DataReader {
  private final Values values;
  private final SchemaReader schemas;

  DataReader(Values values, References references) {
    this.values = values;
    this.schemas = new SchemaReader(values, references);
  }

  /// An expression or template, and the schema of its result.
  record Shape(@Nullable JsonNode mapping, @Nullable DataSchema schema) {}

  Data data(@Nullable At input, @Nullable At output) {
    Shape in = shape(input, "from");
    Shape out = shape(output, "as");
    return new Data(in.mapping, in.schema, out.mapping, out.schema);
  }

  Shape shape(@Nullable At at, String mapping) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return new Shape(null, null);
    }
    JsonNode mapped = values.expressionOrObject(fields.optional(mapping));
    DataSchema schema = schemas.schema(fields.optional("schema"));
    fields.close();
    return new Shape(mapped, schema);
  }
}
