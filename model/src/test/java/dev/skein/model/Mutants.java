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
              "{\"then\": \"end\"}")
          .stream()
          .map(Corpus.JSON::readTree)
          .toList();

  private final List<ObjectNode> corpus;
  private final Map<String, List<JsonNode>> values = new TreeMap<>();
  private final List<String> names;

  Mutants(List<ObjectNode> corpus) {
    this.corpus = corpus;
    corpus.forEach(this::gather);
    this.names = List.copyOf(values.keySet());
  }

  private void gather(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        values.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(entry.getValue());
      }
    }
    node.forEach(this::gather);
  }

  JsonNode mutant(long seed) {
    Random random = new Random(seed);
    ObjectNode mutant = pick(corpus, random).deepCopy();
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      change(mutant, random);
    }
    return mutant;
  }

  private void change(ObjectNode document, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    containers(document, containers);
    JsonNode at = pick(containers, random);
    switch (at) {
      case ObjectNode object -> change(object, containers, random);
      case ArrayNode array -> change(array, random);
      default -> throw new AssertionError("neither object nor list: " + at);
    }
  }

  private static void containers(JsonNode node, List<JsonNode> found) {
    if (node.isContainer()) {
      found.add(node);
      node.forEach(child -> containers(child, found));
    }
  }

  private void change(ObjectNode object, List<JsonNode> containers, Random random) {
    if (object.isEmpty() || random.nextInt(6) == 0) {
      add(object, random);
      return;
    }
    String name = pick(List.copyOf(object.propertyNames()), random);
    switch (random.nextInt(7)) {
      case 0 -> object.remove(name);
      case 1 -> rename(object, name, random);
      case 2 -> object.set(name, pick(ODD, random).deepCopy());
      case 3 -> object.set(name, pick(values.get(pick(names, random)), random).deepCopy());
      case 4 -> object.set(name, pick(values.getOrDefault(name, ODD), random).deepCopy());
      case 5 ->
          object.set(
              name,
              JsonNodeFactory.instance.stringNode(
                  misspelt(object.path(name).asString("x"), random)));
      default -> swap(object, name, containers, random);
    }
  }

  private void add(ObjectNode object, Random random) {
    String name = random.nextInt(4) == 0 ? "unheardOf" : pick(names, random);
    List<JsonNode> known = random.nextInt(3) == 0 ? ODD : values.getOrDefault(name, ODD);
    object.set(name, pick(known, random).deepCopy());
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
      ObjectNode object, String name, List<JsonNode> containers, Random random) {
    if (pick(containers, random) instanceof ObjectNode other && !other.isEmpty()) {
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
