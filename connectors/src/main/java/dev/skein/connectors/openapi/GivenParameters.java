package dev.skein.connectors.openapi;

import dev.skein.connectors.http.HttpCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The parameters of a request, read back from what goes out: the opposite of [Styles].
final class GivenParameters {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, String> path;
  private final Map<String, List<String>> query = new LinkedHashMap<>();
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, List<String>> cookies = new LinkedHashMap<>();

  /// @param path what the names in the operation's path stand for, decoded
  GivenParameters(HttpCall call, Map<String, String> path) {
    this.path = path;
    headers.putAll(call.headers());
    pairs(call.uri().getRawQuery(), "&", query);
    call.query().forEach((name, more) -> all(name, query).addAll(more));
    pairs(headers.get("Cookie"), ";", cookies);
  }

  private static void pairs(
      @Nullable String text, String between, Map<String, List<String>> values) {
    if (text == null) {
      return;
    }
    for (String pair : text.split(between, -1)) {
      String[] parts = pair.strip().split("=", 2);
      if (!parts[0].isEmpty()) {
        String value = parts.length < 2 ? "" : parts[1];
        all(Escapes.lenient(parts[0]), values).add(Escapes.lenient(value));
      }
    }
  }

  private static List<String> all(String name, Map<String, List<String>> values) {
    return values.computeIfAbsent(name, _ -> new ArrayList<>());
  }

  /// What a parameter may mean, as texts do not tell a number from its digits; empty if it is not
  /// given. Only one that fits its schema is wanted.
  ///
  /// @param schema of the parameter, its reference followed
  List<JsonNode> readings(Parameter parameter, JsonNode schema) {
    List<String> written = written(parameter);
    if (parameter.mediaType() != null) {
      return written.stream().limit(1).map(GivenParameters::json).toList();
    }
    var readings = new ArrayList<JsonNode>();
    if (may(schema, "object")) {
      ObjectNode object = object(parameter, schema, written);
      if (!object.isEmpty()) {
        readings.add(object);
      }
    }
    if (!written.isEmpty() && may(schema, "array")) {
      JsonNode items = schema.path("items");
      ArrayNode array = NODES.arrayNode();
      List<String> parts =
          parameter.explode() && parameter.in() == Parameter.In.QUERY
              ? written
              : parts(parameter, written.getFirst());
      parts.forEach(part -> array.add(single(part, items)));
      readings.add(array);
    }
    if (!written.isEmpty()) {
      readings.add(single(written.getFirst(), schema));
      readings.add(NODES.stringNode(written.getFirst()));
    }
    return readings;
  }

  private List<String> written(Parameter parameter) {
    String name = parameter.name();
    return switch (parameter.in()) {
      case PATH -> one(unstyled(parameter, path.get(name)));
      case HEADER -> one(headers.get(name));
      case QUERY -> query.getOrDefault(name, List.of());
      case COOKIE -> cookies.getOrDefault(name, List.of());
    };
  }

  private static List<String> one(@Nullable String text) {
    return text == null ? List.of() : List.of(text);
  }

  /// Without what a style puts before the values.
  private static @Nullable String unstyled(Parameter parameter, @Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (parameter.style()) {
      case LABEL -> text.startsWith(".") ? text.substring(1) : text;
      case MATRIX -> {
        String before = ";" + parameter.name() + "=";
        yield text.startsWith(before) ? text.substring(before.length()) : text;
      }
      default -> text;
    };
  }

  private static List<String> parts(Parameter parameter, String text) {
    String delimiter =
        switch (parameter.style()) {
          case SPACE_DELIMITED -> " ";
          case PIPE_DELIMITED -> "|";
          case TAB_DELIMITED -> "\t";
          case LABEL -> parameter.explode() ? "." : ",";
          case MATRIX -> parameter.explode() ? ";" + parameter.name() + "=" : ",";
          case SIMPLE, FORM, DEEP_OBJECT -> ",";
        };
    return text.isEmpty() ? List.of() : List.of(text.split(Pattern.quote(delimiter), -1));
  }

  private ObjectNode object(Parameter parameter, JsonNode schema, List<String> written) {
    ObjectNode object = NODES.objectNode();
    JsonNode properties = schema.path("properties");
    if (parameter.style() == Parameter.Style.DEEP_OBJECT) {
      String before = parameter.name() + "[";
      query.forEach((name, values) -> {
        if (name.startsWith(before) && name.endsWith("]")) {
          String inner = name.substring(before.length(), name.length() - 1);
          object.set(inner, single(values.getFirst(), properties.path(inner)));
        }
      });
    } else if (parameter.explode() && parameter.in() == Parameter.In.QUERY) {
      properties
          .propertyNames()
          .forEach(name -> {
            if (query.containsKey(name)) {
              object.set(name, single(all(name, query).getFirst(), properties.path(name)));
            }
          });
    } else if (!written.isEmpty()) {
      Stream<String[]> pairs = flat(parameter, written.getFirst());
      pairs.forEach(pair -> object.set(pair[0], single(pair[1], properties.path(pair[0]))));
    }
    return object;
  }

  /// Names and values in turn, or `name=value` each.
  private static Stream<String[]> flat(Parameter parameter, String text) {
    List<String> parts = parts(parameter, text);
    if (parameter.explode()) {
      return parts.stream().map(part -> part.split("=", 2)).filter(pair -> pair.length == 2);
    }
    return Stream.iterate(0, i -> i + 1 < parts.size(), i -> i + 2)
        .map(i -> new String[] {parts.get(i), parts.get(i + 1)});
  }

  private static boolean may(JsonNode schema, String type) {
    JsonNode types = schema.path("type");
    return types.isArray()
        ? types.valueStream().anyMatch(it -> it.asString("").equals(type))
        : types.asString("").equals(type);
  }

  private static JsonNode single(String text, JsonNode schema) {
    boolean written = schema.has("type");
    if (written && may(schema, "string")) {
      return NODES.stringNode(text);
    }
    JsonNode json = json(text);
    return json.isNumber() || json.isBoolean() ? json : NODES.stringNode(text);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return NODES.stringNode(text);
    }
  }
}
