package dev.skein.model;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `schema` objects, and the documents that they refer to.
final class SchemaReader {
  private static final Map<String, String> DIALECTS =
      Map.of(
          "",
          DataSchema.NEWEST,
          "2020-12",
          DataSchema.NEWEST,
          "2019-09",
          "https://json-schema.org/draft/2019-09/schema",
          "7",
          "http://json-schema.org/draft-07/schema#",
          "6",
          "http://json-schema.org/draft-06/schema#",
          "4",
          SchemaDocuments.DRAFT_4 + "#");

  private final Values values;
  private final References references;

  SchemaReader(Values values, References references) {
    this.values = values;
    this.references = references;
  }

  @Nullable DataSchema schema(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null || at == null) {
      return null;
    }
    At format = fields.optional("format");
    String name = values.string(format, "json");
    String dialect = dialect(name);
    if (format != null && dialect == null) {
      values
          .reports()
          .warn(
              Code.NOT_RUN,
              format,
              "schemas in the format '" + name + "' are not run by this version of Skein",
              "json, json:2020-12, json:2019-09 and json:draft-07 are");
    }
    At resource = fields.optional("resource");
    At document = resource == null ? fields.required("document") : fields.optional("document");
    DataSchema.Documents documents = null;
    if (resource != null) {
      ExternalResource elsewhere = references.resource(resource);
      if (document != null) {
        values.reports().add(Code.SHAPE, at, "give either 'document' or 'resource'", null);
      } else if (elsewhere != null && dialect != null) {
        documents = fetched(resource, elsewhere);
      }
    } else if (document != null && dialect != null) {
      documents = inline(document);
    }
    fields.close();
    DataSchema schema = new DataSchema(name, dialect, documents);
    check(schema, resource == null ? document : resource);
    return schema;
  }

  /// `json`, or with a version as people write them: `json:draft-07`, `json:7`.
  private static @Nullable String dialect(String format) {
    String[] parts = format.split(":", 2);
    if (!parts[0].equals("json")) {
      return null;
    }
    String version = parts.length == 1 ? "" : parts[1].toLowerCase(Locale.ROOT);
    if (version.startsWith("draft")) {
      version = version.substring("draft".length()).replaceFirst("^-", "");
    }
    return parts.length > 1 && version.isEmpty()
        ? null
        : DIALECTS.get(version.replaceFirst("^0", ""));
  }

  private DataSchema.@Nullable Documents fetched(At at, ExternalResource resource) {
    ResourceReader reader = references.outside().resources();
    ResourceReader.Document found = reader.read(at, resource);
    JsonNode document = found == null ? null : reader.json(at, found);
    if (found == null || document == null) {
      return null;
    }
    if (!document.isObject() && !document.isBoolean()) {
      String message = found.uri() + " is no JSON schema: that would be an object";
      values.reports().add(Code.JSON_SCHEMA, at, message, null);
      return null;
    }
    return bundle(at, found.uri(), document, resource.authentication());
  }

  private DataSchema.@Nullable Documents inline(At at) {
    return bundle(at, references.outside().resources().base(), at.yaml().json(), null);
  }

  private DataSchema.@Nullable Documents bundle(
      At at, URI uri, JsonNode document, @Nullable JsonNode authentication) {
    SchemaDocuments documents = new SchemaDocuments(values.reports(), at);
    return documents.with(uri, document, references.outside().resources(), authentication);
  }

  private void check(DataSchema schema, @Nullable At at) {
    String mistake =
        schema.documents() == null ? null : references.outside().schemas().mistake(schema);
    if (at != null && mistake != null) {
      values.reports().add(Code.JSON_SCHEMA, at, mistake, null);
    }
  }
}
