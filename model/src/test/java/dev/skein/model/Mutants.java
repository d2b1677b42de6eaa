package dev.skein.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes slightly wrong documents out of valid ones; the same seed makes the same one.
final class Mutants {
  private static final int MOST_CHANGES = 3;
  private static final List<JsonNode> ODD =
      List.of(
              "null",
              "true",
              "false",
              "0",
              "-1",
              "1.5",
              "2.0",
              "99999999999",
              "\"\"",
              "\"text\"",
              "\"two words\"",
              "\"${ .x }\"",
              "\"a ${ .x } b\"",
              "\"${ .x } b\"",
              "\"${}\"",
              "\"${ .x }${ .y }\"",
              "\"PT5S\"",
              "\"P1Y2M\"",
              "\"PT\"",
              "\"P1\"",
              "\"https://x/{id}\"",
              "\"https://x/%zz\"",
              "\"/a/b\"",
              "\"~\"",
              "\"2026-01-31T12:00:00+01:00\"",
              "\"2026-01-31\"",
              "\"1.0.0\"",
              "\"1.0.0-01\"",
              "\"2.0.0\"",
              "\"-a\"",
              "\"BAD\"",
              "\"* * * * *\"",
              "\"end\"",
              "[]",
              "{}",
              "[1]",
              "[{}]",
              "[\"a\"]",
              "{\"a\": 1}",
              "{\"a\": \"b\"}",
              "{\"use\": \"a\"}",
              "{\"seconds\": -5}",
              "{\"seconds\": 1.5}",
              "{\"years\": 1}",
              "{\"with\": {\"type\": \"t\"}}",
              "{\"endpoint\": \"https://x\"}",
              "{\"bearer\": {\"token\": \"t\"}}",
              "{\"bearer\": {\"use\": \"nobody\"}}",
              "[{\"x\": {\"wait\": \"PT1S\"}}]",
              "{\"call\": \"f\"}",
              "{\"basic\": {\"username\": \"u\"}, \"bearer\": {\"token\": \"t\"}}",
              "{\"then\": \"end\"}")
          .stream()
          .map(Corpus.JSON::readTree)
          .toList();

  private final List<ObjectNode> corpus;
  private final Map<String, List<JsonNode>> values = new TreeMap<>();
  private final Map<String, List<String>> children = new TreeMap<>();
  private final List<String> names;

  Mutants(List<ObjectNode> corpus) {
    this.corpus = corpus;
    corpus.forEach(document -> gather("", document));
    this.names = List.copyOf(values.keySet());
  }

  private void gather(String key, JsonNode node) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      values.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(entry.getValue());
      children.computeIfAbsent(key, _ -> new ArrayList<>()).add(entry.getKey());
      gather(entry.getKey(), entry.getValue());
    }
    if (node.isArray()) {
      node.forEach(item -> gather(key, item));
    }
  }

  JsonNode mutant(long seed) {
    Random random = new Random(seed);
    ObjectNode mutant = pick(corpus, random).deepCopy();
    int changes = Math.max(1, random.nextInt(MOST_CHANGES + 1));
    for (int i = 0; i < changes; i++) {
      change(mutant, random);
    }
    return mutant;
  }

  /// @param key what the container stands under; a list's items stand under what it stands under
  private record Container(String key, JsonNode node) {}

  private void change(ObjectNode document, Random random) {
    List<Container> containers = new ArrayList<>();
    containers("", document, containers);
    Container at = pick(containers, random);
    switch (at.node()) {
      case ObjectNode object -> change(new Place(at.key(), object), containers, random);
      case ArrayNode array -> change(array, random);
      default -> throw new AssertionError("neither object nor list: " + at);
    }
  }

  private record Place(String key, ObjectNode object) {}

  private static void containers(String key, JsonNode node, List<Container> found) {
    if (node.isContainer()) {
      found.add(new Container(key, node));
      node.forEach(item -> {
        if (node.isArray()) {
          containers(key, item, found);
        }
      });
      node.properties().forEach(entry -> containers(entry.getKey(), entry.getValue(), found));
    }
  }

  private void change(Place place, List<Container> containers, Random random) {
    ObjectNode object = place.object();
    if (object.isEmpty() || random.nextInt(5) == 0) {
      add(place, random);
      return;
    }
    String name = pick(List.copyOf(object.propertyNames()), random);
    JsonNode value = object.get(name);
    switch (random.nextInt(10)) {
      case 0 -> object.remove(name);
      case 1 -> rename(object, name, random);
      case 2 -> object.set(name, pick(ODD, random).deepCopy());
      case 3, 4, 5 -> object.set(name, pick(alike(value), random).deepCopy());
      case 6 -> object.set(name, pick(values.get(pick(names, random)), random).deepCopy());
      case 7 -> object.set(name, pick(values.getOrDefault(name, ODD), random).deepCopy());
      case 8 -> object.set(name, text(misspelt(value.asString("x"), random)));
      default -> swap(object, name, containers, random);
    }
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  /// Odd values of the same type, so that more can be wrong than the type.
  private static List<JsonNode> alike(JsonNode value) {
    List<JsonNode> alike =
        ODD.stream().filter(odd -> odd.getNodeType() == value.getNodeType()).toList();
    return alike.isEmpty() ? ODD : alike;
  }

  /// Adds a property: mostly one that elsewhere stands under the same key.
  private void add(Place place, Random random) {
    List<String> fitting = children.getOrDefault(place.key(), names);
    String name = pick(random.nextInt(4) == 0 ? names : fitting, random);
    if (random.nextInt(8) == 0) {
      name = "unheardOf";
    }
    List<JsonNode> known = random.nextInt(3) == 0 ? ODD : values.getOrDefault(name, ODD);
    place.object().set(name, pick(known, random).deepCopy());
  }

  private void rename(ObjectNode object, String name, Random random) {
    JsonNode value = object.remove(name);
    object.set(random.nextBoolean() ? misspelt(name, random) : pick(names, random), value);
  }

  private static String misspelt(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    return random.nextBoolean() || at == text.length()
        ? text.substring(0, at) + "x" + text.substring(at)
        : text.substring(0, at) + text.substring(at + 1);
  }

  private static void swap(
      ObjectNode object, String name, List<Container> containers, Random random) {
    if (pick(containers, random).node() instanceof ObjectNode other && !other.isEmpty()) {
      String theirs = pick(List.copyOf(other.propertyNames()), random);
      JsonNode mine = object.get(name).deepCopy();
      object.set(name, other.get(theirs).deepCopy());
      other.set(theirs, mine);
    }
  }

  private void change(ArrayNode array, Random random) {
    if (array.isEmpty()) {
      array.add(pick(ODD, random).deepCopy());
      return;
    }
    int index = random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.removeAll();
      case 1 -> array.add(array.get(index).deepCopy());
      case 2 -> array.remove(index);
      default -> array.set(index, pick(ODD, random).deepCopy());
    }
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
