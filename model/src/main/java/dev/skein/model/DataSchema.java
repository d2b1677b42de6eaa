package dev.skein.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A schema that data must fit.
///
/// @param format as written, `json` if nothing is
/// @param dialect the JSON Schema dialect of documents that name none; null if the format is not
///   run here
/// @param documents null if one of them lies elsewhere and was not read
public record DataSchema(String format, @Nullable String dialect, @Nullable Documents documents) {
  /// The dialect of schemas that name none.
  public static final String NEWEST = "https://json-schema.org/draft/2020-12/schema";

  /// What stands under these keywords is data, whatever it looks like.
  public static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

  /// What stands under these keywords has names of the author's choice, with a schema each.
  public static final Set<String> NAMED =
      Set.of(
          "properties",
          "patternProperties",
          "$defs",
          "definitions",
          "dependentSchemas",
          "dependencies");

  /// JSON schemas that refer to each other. Every `$id` and every `$ref` to another document is
  /// absolute.
  ///
  /// @param root the URI of the one that data must fit
  /// @param byUri that one, all it refers to, and every schema in them with an `$id`
  public record Documents(String root, Map<String, JsonNode> byUri) {
    /// Before the URI of a document whose place is known only relative to the workflow's.
    static final String RELATIVE = "urn:skein:schema:";

    /// The URI as the author knows it; empty for a schema that stands in the workflow.
    public static String shown(String uri) {
      return uri.startsWith(RELATIVE)
          ? URLDecoder.decode(uri.substring(RELATIVE.length()), StandardCharsets.UTF_8)
          : uri;
    }

    public Documents {
      byUri = Collections.unmodifiableMap(new LinkedHashMap<>(byUri));
    }
  }
}
