package dev.skein.interpreter;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.serialization.NodeReader;
import dev.skein.model.DataSchema;
import dev.skein.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Validates data against the schemas of a workflow; each is compiled once. It knows only the
/// documents a schema brings, and the dialects: it fetches nothing. Thread-safe.
public final class Schemas {
  private static final int MOST_ERRORS = 5;
  private static final int MOST_VIOLATIONS = 50;

  /// A large schema is not to be hashed for each validation.
  private final Map<DataSchema, Schema> compiled =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /// All documents are JSON here, whatever the end of their URI says.
  private static final NodeReader JSON =
      new NodeReader() {
        @Override
        public JsonNode readTree(String text, InputFormat format) {
          return Json.parse(text);
        }

        @Override
        public JsonNode readTree(InputStream bytes, InputFormat format) {
          try {
            return Json.parse(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            throw new UncheckedIOException("a JSON schema cannot be read", e);
          }
        }
      };

  /// The dialects' own schemas, loaded when the first schema is judged.
  private static final class Dialects {
    static final SchemaRegistry REGISTRY =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  }

  /// What is wrong with a schema, or null: a dialect nobody knows, keywords that do not fit it,
  /// references to nothing.
  public static @Nullable String mistake(DataSchema schema) {
    DataSchema.Documents documents = schema.documents();
    String dialect = schema.dialect();
    if (documents == null || dialect == null) {
      return null;
    }
    for (Map.Entry<String, JsonNode> entry : documents.byUri().entrySet()) {
      JsonNode document = entry.getValue();
      String own = document.path("$schema").asString(dialect);
      if (!isKnown(own)) {
        return "the JSON schema dialect '"
            + own
            + "' is not known; 2020-12, 2019-09 and draft-07 are";
      }
      List<Error> errors = Dialects.REGISTRY.getSchema(SchemaLocation.of(own)).validate(document);
      if (!errors.isEmpty()) {
        String name = DataSchema.Documents.shown(entry.getKey());
        return (name.isEmpty() ? "this" : name) + " is no JSON schema: " + sentence(errors);
      }
    }
    try {
      compile(dialect, documents).initializeValidators();
      return null;
    } catch (SchemaException e) {
      return "the JSON schema does not hold together: " + e.getMessage();
    }
  }

  /// @param schema null accepts everything
  /// @param what is validated, for the error
  void validate(@Nullable DataSchema schema, JsonNode data, String what) {
    if (schema == null) {
      return;
    }
    List<Error> errors = compiled(schema, what).validate(data);
    if (!errors.isEmpty()) {
      throw Problems.fault(
          Problem.Kind.VALIDATION.problem(what + " does not fit its schema: " + sentence(errors)));
    }
  }

  /// One thing that does not fit.
  ///
  /// @param pointer to the value, a JSON pointer
  public record Violation(String pointer, String message) {}

  /// All that does not fit; nothing if the schema is one that cannot be checked, which a run would
  /// tell.
  ///
  /// @param schema null accepts everything
  public List<Violation> violations(@Nullable DataSchema schema, JsonNode data) {
    if (schema == null || schema.documents() == null || schema.dialect() == null) {
      return List.of();
    }
    return compiled(schema, "the input").validate(data).stream()
        .limit(MOST_VIOLATIONS)
        .map(error -> new Violation(error.getInstanceLocation().toString(), error.getMessage()))
        .toList();
  }

  private Schema compiled(DataSchema schema, String what) {
    Schema known = compiled.get(schema);
    if (known != null) {
      return known;
    }
    DataSchema.Documents documents = schema.documents();
    String dialect = schema.dialect();
    if (documents == null || dialect == null) {
      throw Problems.fault(
          Problem.Kind.CONFIGURATION.problem(
              dialect == null
                  ? "the schema of %s is in the format '%s', which this version of Skein does not check"
                      .formatted(what, schema.format())
                  : "the schema of " + what + " lies elsewhere and was not read at deployment"));
    }
    try {
      Schema fresh = compile(dialect, documents);
      compiled.put(schema, fresh);
      return fresh;
    } catch (SchemaException e) {
      throw Problems.fault(
          Problem.Kind.CONFIGURATION.problem(
              "the schema of " + what + " does not hold together: " + e.getMessage()));
    }
  }

  private static boolean isKnown(String dialect) {
    String bare = dialect.endsWith("#") ? dialect.substring(0, dialect.length() - 1) : dialect;
    return Stream.of(bare, bare + "#")
        .anyMatch(id -> SpecificationVersion.fromDialectId(id).isPresent());
  }

  private static Schema compile(String dialect, DataSchema.Documents documents) {
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialectId(
            dialect,
            builder -> builder.schemas(documents.byUri()::get, Json::text).nodeReader(JSON));
    return registry.getSchema(SchemaLocation.of(documents.root()));
  }

  private static String sentence(List<Error> errors) {
    return String.join(
        "; ",
        errors.stream()
            .limit(MOST_ERRORS)
            .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
            .toList());
  }
}
