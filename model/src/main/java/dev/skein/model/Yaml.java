package dev.skein.model;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A YAML node with its position and what it is as JSON.
sealed interface Yaml {
  Position position();

  JsonNode json();

  record Scalar(Position position, JsonNode json) implements Yaml {}

  record Sequence(Position position, JsonNode json, List<Yaml> items) implements Yaml {}

  /// @param entries in the order written
  record Mapping(Position position, JsonNode json, Map<String, Entry> entries) implements Yaml {}

  /// @param key where the key stands
  record Entry(Position key, Yaml value) {}

  /// What it is called in a message.
  default String kind() {
    return switch (this) {
      case Mapping _ -> "an object";
      case Sequence _ -> "a list";
      case Scalar(_, JsonNode json) -> {
        if (json.isString()) {
          yield "a string";
        }
        yield json.isNull() ? "empty" : json.isBoolean() ? "a boolean" : "a number";
      }
    };
  }
}
