package dev.skein.connectors.openapi;

import dev.skein.connectors.openapi.Parameter.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Writes values by the styles of OpenAPI (3.1.1, 4.8.12.4).
final class Styles {
  private static final Map<Style, String> DELIMITERS =
      Map.of(
          Style.SPACE_DELIMITED, "%20",
          Style.PIPE_DELIMITED, "%7C",
          Style.TAB_DELIMITED, "%09");

  private Styles() {}

  /// A part of a path.
  static String inPath(Parameter parameter, JsonNode value) {
    UnaryOperator<String> encoded = text -> Escapes.encoded(text, parameter.allowReserved());
    String name = encoded.apply(parameter.name());
    return switch (parameter.style()) {
      case LABEL -> "." + joined(parameter, value, parameter.explode() ? "." : ",", encoded);
      case MATRIX -> {
        if (parameter.explode() && value.isObject()) {
          yield ";" + String.join(";", pairs(value, encoded));
        }
        if (parameter.explode() && value.isArray()) {
          yield String.join("", items(value, encoded).map(it -> ";" + name + "=" + it).toList());
        }
        String written = joined(parameter, value, ",", encoded);
        yield ";" + name + (written.isEmpty() ? "" : "=" + written);
      }
      default -> joined(parameter, value, ",", encoded);
    };
  }

  /// The value of a header.
  static String inHeader(Parameter parameter, JsonNode value) {
    return joined(parameter, value, ",", UnaryOperator.identity());
  }

  /// Parts of a query or of a cookie, `name=value` each.
  static List<String> named(Parameter parameter, JsonNode value) {
    UnaryOperator<String> encoded = text -> Escapes.encoded(text, parameter.allowReserved());
    String name = encoded.apply(parameter.name());
    if (parameter.style() == Style.DEEP_OBJECT && value.isObject()) {
      var parts = new ArrayList<String>();
      deep(name, value, encoded, parts);
      return parts;
    }
    if (parameter.explode() && value.isObject()) {
      return pairs(value, encoded);
    }
    if (parameter.explode() && value.isArray()) {
      return items(value, encoded).map(it -> name + "=" + it).toList();
    }
    String delimiter = DELIMITERS.getOrDefault(parameter.style(), ",");
    return List.of(name + "=" + joined(parameter, value, delimiter, encoded));
  }

  /// Deeper than OpenAPI says, as servers that know brackets do.
  private static void deep(
      String name, JsonNode value, UnaryOperator<String> encoded, List<String> parts) {
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String inner = name + "%5B" + encoded.apply(entry.getKey()) + "%5D";
      if (entry.getValue().isObject()) {
        deep(inner, entry.getValue(), encoded, parts);
      } else if (entry.getValue().isArray()) {
        items(entry.getValue(), encoded).forEach(it -> parts.add(inner + "=" + it));
      } else {
        parts.add(inner + "=" + encoded.apply(text(entry.getValue())));
      }
    }
  }

  private static String joined(
      Parameter parameter, JsonNode value, String delimiter, UnaryOperator<String> encoded) {
    if (value.isObject()) {
      return parameter.explode()
          ? String.join(delimiter, pairs(value, encoded))
          : String.join(
              delimiter,
              value.properties().stream()
                  .flatMap(it ->
                      Stream.of(encoded.apply(it.getKey()), encoded.apply(text(it.getValue()))))
                  .toList());
    }
    return value.isArray()
        ? String.join(delimiter, items(value, encoded).toList())
        : encoded.apply(text(value));
  }

  private static Stream<String> items(JsonNode array, UnaryOperator<String> encoded) {
    return array.valueStream().map(it -> encoded.apply(text(it)));
  }

  private static List<String> pairs(JsonNode object, UnaryOperator<String> encoded) {
    return object.properties().stream()
        .map(it -> encoded.apply(it.getKey()) + "=" + encoded.apply(text(it.getValue())))
        .toList();
  }

  static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isString() ? value.asString() : value.toString();
  }
}
