package dev.skein.connectors.openapi;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One value that an operation takes beside its body.
///
/// @param schema as written; missing if there is none
/// @param mediaType how the value is written, if not by style; null for a style
public record Parameter(
    String name,
    In in,
    boolean required,
    boolean deprecated,
    Style style,
    boolean explode,
    boolean allowReserved,
    JsonNode schema,
    @Nullable String mediaType) {
  /// Where it is and what it is called: `query parameter limit`.
  @Override
  public String toString() {
    return in.name().toLowerCase(Locale.ROOT) + " parameter " + name;
  }

  /// Where it goes.
  public enum In {
    PATH,
    QUERY,
    HEADER,
    COOKIE
  }

  /// How arrays and objects are written (OpenAPI 3.1.1, 4.8.12.3).
  public enum Style {
    MATRIX,
    LABEL,
    SIMPLE,
    FORM,
    SPACE_DELIMITED,
    PIPE_DELIMITED,
    DEEP_OBJECT,
    /// Only in Swagger 2: `collectionFormat: tsv`.
    TAB_DELIMITED
  }
}
