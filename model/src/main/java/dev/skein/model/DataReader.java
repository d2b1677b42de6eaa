package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `input`, `output` and `export` with their schemas.
final class DataReader {
  private final Values values;
  private final References references;

  DataReader(Values values, References references) {
    this.values = values;
    this.references = references;
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
      values.reports().notRun(format, "schemas in the format '" + name + "' are");
    }
    At resource = fields.optional("resource");
    At document = resource == null ? fields.required("document") : fields.optional("document");
    if (resource != null) {
      var _ = references.resource(resource);
      values.reports().notRun(resource, "schemas from elsewhere are");
    }
    if (resource != null && document != null) {
      values.reports().add(Code.SHAPE, at, "give either 'document' or 'resource'", null);
    }
    fields.close();
    return at.yaml().json();
  }
}
