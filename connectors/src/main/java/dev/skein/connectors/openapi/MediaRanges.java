package dev.skein.connectors.openapi;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Finds what is declared for a media type: by its name, or by a range that it is in.
public final class MediaRanges {
  private MediaRanges() {}

  /// @param content schemas by media type
  /// @return null if it is not declared
  public static @Nullable JsonNode schema(Map<String, JsonNode> content, String type) {
    var byType = new TreeMap<String, JsonNode>();
    content.forEach((declared, schema) -> byType.putIfAbsent(bare(declared), schema));
    String bare = bare(type);
    for (String range : List.of(bare, bare.replaceFirst("/.*", "/*"), "*/*")) {
      JsonNode schema = byType.get(range);
      if (schema != null) {
        return schema;
      }
    }
    return null;
  }

  /// Says that a type is none of those declared.
  public static String mistake(Map<String, JsonNode> content, String type) {
    String declared =
        content.keySet().stream()
            .map(MediaRanges::bare)
            .sorted()
            .distinct()
            .collect(Collectors.joining(" or "));
    return "it is %s, not %s".formatted(bare(type), declared);
  }

  static String bare(String type) {
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
