package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the properties of a policy, and says which one is missing or wrong. Names are paths, such
/// as `client.id`. It never shows a value.
record Properties(String scheme, ObjectNode json) {
  String required(String name) throws HttpCallException {
    String value = optional(name);
    if (value == null) {
      throw HttpCallException.configuration(
          "The authentication '%s' needs '%s'".formatted(scheme, name));
    }
    return value;
  }

  @Nullable String optional(String name) throws HttpCallException {
    JsonNode value = at(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    // a password of digits is a number where an expression made it
    if (value.isContainer()) {
      throw HttpCallException.configuration(
          "'%s' of the authentication '%s' is not a string".formatted(name, scheme));
    }
    return value.asString();
  }

  String optional(String name, String usual) throws HttpCallException {
    String value = optional(name);
    return value == null ? usual : value;
  }

  /// One of an enum's names, in lower case.
  <E extends Enum<E>> E choice(String name, Class<E> type, E usual) throws HttpCallException {
    String value = optional(name);
    if (value == null) {
      return usual;
    }
    for (E one : type.getEnumConstants()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(value)) {
        return one;
      }
    }
    throw HttpCallException.configuration(
        "'%s' of the authentication '%s' is none of %s"
            .formatted(
                name,
                scheme,
                Arrays.stream(type.getEnumConstants())
                    .map(one -> one.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "))));
  }

  List<String> list(String name) throws HttpCallException {
    JsonNode value = at(name);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode one : value) {
      texts.add(one.asString());
    }
    if (!value.isArray()) {
      throw HttpCallException.configuration(
          "'%s' of the authentication '%s' is not a list".formatted(name, scheme));
    }
    return List.copyOf(texts);
  }

  boolean has(String name) {
    return at(name).isObject();
  }

  private JsonNode at(String name) {
    return json.at("/" + name.replace('.', '/'));
  }

  @Override
  public String toString() {
    return "Properties[" + scheme + "]";
  }
}
