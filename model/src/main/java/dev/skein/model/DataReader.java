package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `input`, `output` and `export` with their schemas.
final class DataReader {
  private final Values values;

  DataReader(Values values) {
    this.values = values;
  }

  /// An expression or template, and the schema of its result.
  record Shape(@Nullable JsonNode mapping, @Nullable JsonNode schema) {}

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
    JsonNode schema = schema(fields.optional("schema"));
    fields.close();
    return new Shape(mapped, schema);
  }

  private @Nullable JsonNode schema(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null || at == null) {
      return null;
    }
    At format = fields.optional("format");
    String name = values.string(format, "json");
    if (format != null && !name.equals("json") && !name.startsWith("json:")) {
      values
          .reports()
          .unsupported(format.position(), format.path(), "the schema format '" + name + "'");
    }
    if (fields.has("resource")) {
      fields.unsupported("resource", "a schema from a resource");
      fields.optional("document");
    } else {
      fields.required("document");
    }
    fields.close();
    return at.yaml().json();
  }
}
