package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Where a value lies, as a chain of keys from the end to the root.
final class Path {
  static final Path ROOT = new Path(null, null);

  /// The path of a computed value: nothing can be reached through it.
  private static final Path LOST = new Path(null, null);

  private final @Nullable Path parent;
  private final @Nullable JsonNode key;

  private Path(@Nullable Path parent, @Nullable JsonNode key) {
    this.parent = parent;
    this.key = key;
  }

  /// One step on from `container`, or null where no path is kept.
  static @Nullable Path child(@Nullable Path path, JsonNode key, JsonNode container) {
    if (path == null) {
      return null;
    }
    if (path == LOST) {
      throw ExpressionException.evaluation(
          "Invalid path expression near attempt to access element "
              + Values.brief(key, 30)
              + " of "
              + Values.brief(container, 30));
    }
    return new Path(path, key);
  }

  static @Nullable Path iterated(@Nullable Path path, JsonNode container) {
    if (path == LOST) {
      throw ExpressionException.evaluation(
          "Invalid path expression near attempt to iterate through " + Values.brief(container, 30));
    }
    return path;
  }

  /// The path of a value computed from `in`: kept only if it is the very same value.
  @SuppressWarnings("ReferenceEquality") // an equal value elsewhere is not the same place
  static @Nullable Path computed(@Nullable Path path, JsonNode in, JsonNode value) {
    return path == null || value == in ? path : LOST;
  }

  static Path complete(@Nullable Path path, JsonNode value) {
    if (path == null || path == LOST) {
      throw ExpressionException.evaluation(
          "Invalid path expression with result " + Values.brief(value, 30));
    }
    return path;
  }

  List<JsonNode> keys() {
    List<JsonNode> keys = new ArrayList<>();
    for (Path at = this; at != null && at.key != null; at = at.parent) {
      keys.add(at.key);
    }
    Collections.reverse(keys);
    return keys;
  }

  ArrayNode toArray(Meter meter) {
    List<JsonNode> keys = keys();
    meter.chargeArray(keys.size());
    return new ArrayNode(JsonNodeFactory.instance, keys);
  }
}
