package dev.skein.connectors.format;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Forms as in the query of a URL: an object's members are the fields, and an array's items are one
/// field each.
final class Form {
  private Form() {}

  static String write(JsonNode body) throws InvalidBody {
    if (!body.isObject()) {
      throw new InvalidBody("a form is written from an object, not from " + Values.kind(body));
    }
    List<String> pairs = new ArrayList<>();
    body.properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          Iterable<JsonNode> all = value.isArray() ? value : List.of(value);
          for (JsonNode one : all) {
            pairs.add(encoded(field.getKey()) + "=" + encoded(Values.text(one)));
          }
        });
    return String.join("&", pairs);
  }

  static JsonNode read(String text) throws InvalidBody {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (String pair : text.strip().split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        String value = parts.length < 2 ? "" : decoded(parts[1]);
        Values.add(fields, decoded(parts[0]), JsonNodeFactory.instance.stringNode(value));
      }
    }
    return fields;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) throws InvalidBody {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidBody("a percent sign is not followed by two hexadecimal digits", e);
    }
  }
}
