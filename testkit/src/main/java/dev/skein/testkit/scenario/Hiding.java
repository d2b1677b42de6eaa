package dev.skein.testkit.scenario;

import dev.skein.interpreter.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Takes secrets out of texts, also as they stand in URLs, forms and JSON. Owned by whoever holds
/// it.
final class Hiding {
  private final String instead;
  private final int shortest;

  /// The longest first: a secret may be part of another.
  private final TreeSet<String> hidden =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  /// @param shortest what has fewer characters is no secret
  Hiding(String instead, int shortest) {
    this.instead = instead;
    this.shortest = shortest;
  }

  /// From now on. A secret that is an object in JSON is all that it holds.
  void also(String secret) {
    if (secret.strip().startsWith("{")) {
      try {
        Json.parse(secret).valueStream().forEach(this::also);
      } catch (JacksonException e) {
        // a text that only looks like an object
      }
    }
    written(secret);
  }

  private void also(JsonNode value) {
    if (value.isContainer()) {
      value.valueStream().forEach(this::also);
    } else if (value.isString()) {
      written(value.asString());
    }
  }

  private void written(String secret) {
    if (secret.length() < shortest || secret.equals(instead)) {
      return;
    }
    String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    String json = Json.text(Json.NODES.stringNode(secret));
    hidden.addAll(
        List.of(secret, form, form.replace("+", "%20"), json.substring(1, json.length() - 1)));
  }

  String in(String text) {
    String without = text;
    for (String secret : hidden) {
      without = without.replace(secret, instead);
    }
    return without;
  }
}
