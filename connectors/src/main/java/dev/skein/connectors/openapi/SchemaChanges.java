package dev.skein.connectors.openapi;

import dev.skein.connectors.openapi.Change.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Compares schemas. What callers send must still be accepted, so what becomes narrower breaks
/// them; what they get must still be as it was, so there it is what becomes wider. Used once.
final class SchemaChanges {
  private static final int DEEPEST = 50;
  private static final List<String> UPPER =
      List.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
  private static final List<String> LOWER =
      List.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
  private static final List<String> OPAQUE =
      List.of("pattern", "format", "multipleOf", "const", "not");
  private static final List<String> CHOICES = List.of("oneOf", "anyOf");

  private final References before;
  private final References after;
  private final boolean sent;
  private final Report report;
  private final Set<Pair> compared = new HashSet<>();

  /// Takes what is found.
  interface Report {
    void add(Level level, String where, String what);
  }

  /// Where both came from: a type that holds itself is compared once.
  private record Pair(String before, String after) {}

  /// @param sent whether callers send it, else they get it
  SchemaChanges(References before, References after, boolean sent, Report report) {
    this.before = before;
    this.after = after;
    this.sent = sent;
    this.report = report;
  }

  void compare(JsonNode was, JsonNode is, String where) throws InvalidApi {
    compare(was, is, where, 0);
  }

  private void compare(JsonNode was, JsonNode is, String where, int depth) throws InvalidApi {
    String from = was.path("$ref").asString("");
    String to = is.path("$ref").asString("");
    if (depth > DEEPEST || (!from.isEmpty() && !compared.add(new Pair(from, to)))) {
      return;
    }
    JsonNode old = before.followed(was);
    JsonNode now = after.followed(is);
    types(old, now, where);
    values(old, now, where);
    bounds(old, now, where);
    choices(old, now, where);
    properties(old, now, where, depth);
    if (old.has("items") && now.has("items")) {
      compare(old.path("items"), now.path("items"), where + "[]", depth + 1);
    }
  }

  /// Something is accepted no longer.
  private void narrower(String where, String what) {
    report.add(sent ? Level.BREAKING : Level.COMPATIBLE, where, what);
  }

  /// Something is accepted that was not.
  private void wider(String where, String what) {
    report.add(sent ? Level.COMPATIBLE : Level.BREAKING, where, what);
  }

  private void types(JsonNode old, JsonNode now, String where) {
    Set<String> was = types(old);
    Set<String> is = types(now);
    if (was.equals(is)) {
      return;
    }
    String what = "is " + shown(is) + " and was " + shown(was);
    boolean keeps = is.isEmpty() || (!was.isEmpty() && contains(is, was));
    boolean adds = was.isEmpty() || (!is.isEmpty() && contains(was, is));
    if (keeps == adds) {
      report.add(Level.BREAKING, where, what);
    } else if (keeps) {
      wider(where, what);
    } else {
      narrower(where, what);
    }
  }

  /// A number may be whole.
  private static boolean contains(Set<String> all, Set<String> some) {
    return some.stream()
        .allMatch(it -> all.contains(it) || (it.equals("integer") && all.contains("number")));
  }

  private static Set<String> types(JsonNode schema) {
    var types = new TreeSet<String>();
    JsonNode written = schema.path("type");
    if (written.isString()) {
      types.add(written.asString());
    }
    written.forEach(type -> types.add(type.asString()));
    if (!types.isEmpty() && schema.path("nullable").asBoolean(false)) {
      types.add("null");
    }
    return types;
  }

  private static String shown(Set<String> types) {
    return types.isEmpty() ? "of any type" : String.join(" or ", types);
  }

  private void values(JsonNode old, JsonNode now, String where) {
    if (!old.has("enum") && !now.has("enum")) {
      return;
    }
    if (!old.has("enum")) {
      narrower(where, "takes only certain values");
      return;
    }
    if (!now.has("enum")) {
      wider(where, "takes any value");
      return;
    }
    for (JsonNode value : old.path("enum")) {
      if (now.path("enum").valueStream().noneMatch(value::equals)) {
        narrower(where, "has no value " + value + " any more");
      }
    }
    for (JsonNode value : now.path("enum")) {
      if (old.path("enum").valueStream().noneMatch(value::equals)) {
        report.add(sent ? Level.COMPATIBLE : Level.RISKY, where, "has a new value " + value);
      }
    }
  }

  private void bounds(JsonNode old, JsonNode now, String where) {
    UPPER.forEach(
        keyword -> bound(old.path(keyword), now.path(keyword), true, where + " " + keyword));
    LOWER.forEach(
        keyword -> bound(old.path(keyword), now.path(keyword), false, where + " " + keyword));
    for (String keyword : OPAQUE) {
      JsonNode was = old.path(keyword);
      JsonNode is = now.path(keyword);
      if (!was.equals(is)) {
        String what = "'" + keyword + "' is " + shown(is) + " and was " + shown(was);
        if (is.isMissingNode()) {
          wider(where, what);
        } else {
          report.add(was.isMissingNode() && sent ? Level.BREAKING : Level.RISKY, where, what);
        }
      }
    }
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "absent" : value.toString();
  }

  private void bound(JsonNode was, JsonNode is, boolean upper, String where) {
    if (was.equals(is)) {
      return;
    }
    String what = "is " + shown(is) + " and was " + shown(was);
    if (!is.isNumber()) {
      wider(where, what);
    } else if (!was.isNumber()) {
      narrower(where, what);
    } else {
      int compared = is.decimalValue().compareTo(was.decimalValue());
      if (upper ? compared < 0 : compared > 0) {
        narrower(where, what);
      } else if (compared != 0) {
        wider(where, what);
      }
    }
  }

  private void choices(JsonNode old, JsonNode now, String where) {
    for (String keyword : CHOICES) {
      int was = old.path(keyword).size();
      int is = now.path(keyword).size();
      String what = "has %d alternatives and had %d".formatted(is, was);
      if (is < was) {
        narrower(where, what);
      } else if (is > was) {
        wider(where, what);
      }
    }
  }

  /// An object's own properties and those of what it is made of.
  private record Shape(Map<String, JsonNode> properties, Set<String> required, boolean open) {}

  private static Shape shape(JsonNode schema, References references) throws InvalidApi {
    var shape = new Shape(new LinkedHashMap<>(), new TreeSet<>(), isOpen(schema));
    gather(schema, references, shape, 0);
    return shape;
  }

  private static boolean isOpen(JsonNode schema) {
    return !schema.path("additionalProperties").isBoolean()
        || schema.path("additionalProperties").asBoolean();
  }

  private static void gather(JsonNode schema, References references, Shape into, int depth)
      throws InvalidApi {
    schema
        .path("properties")
        .properties()
        .forEach(property -> into.properties.putIfAbsent(property.getKey(), property.getValue()));
    schema.path("required").forEach(name -> into.required.add(name.asString()));
    for (JsonNode part : schema.path("allOf")) {
      if (depth < DEEPEST) {
        gather(references.followed(part), references, into, depth + 1);
      }
    }
  }

  private void properties(JsonNode old, JsonNode now, String where, int depth) throws InvalidApi {
    Shape was = shape(old, before);
    Shape is = shape(now, after);
    for (Map.Entry<String, JsonNode> property : was.properties.entrySet()) {
      String name = property.getKey();
      String at = where + "." + name;
      JsonNode next = is.properties.get(name);
      if (next == null) {
        Level sending = is.open ? Level.RISKY : Level.BREAKING;
        report.add(sent ? sending : Level.BREAKING, at, "is gone");
        continue;
      }
      if (is.required.contains(name) && !was.required.contains(name)) {
        narrower(at, "must be there");
      } else if (!is.required.contains(name) && was.required.contains(name)) {
        wider(at, "may be missing");
      }
      compare(property.getValue(), next, at, depth + 1);
    }
    for (String name : is.properties.keySet()) {
      if (!was.properties.containsKey(name)) {
        boolean must = sent && is.required.contains(name);
        report.add(
            must ? Level.BREAKING : Level.COMPATIBLE,
            where + "." + name,
            must ? "is new and must be there" : "is new");
      }
    }
    if (was.open && !is.open) {
      narrower(where, "takes no further properties");
    } else if (!was.open && is.open && sent) {
      wider(where, "takes further properties");
    }
  }
}
