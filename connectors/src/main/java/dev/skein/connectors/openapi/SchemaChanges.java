package dev.skein.connectors.openapi;

import dev.skein.connectors.openapi.Change.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Compares schemas. What callers send must still be accepted, so what becomes narrower breaks
/// them; what they get must still be as it was, so there it is what becomes wider. Used once.
final class SchemaChanges {
  private static final int DEEPEST = 50;
  private static final List<String> UPPER = List.of("maxLength", "maxItems", "maxProperties");
  private static final List<String> LOWER = List.of("minLength", "minItems", "minProperties");
  private static final List<String> OPAQUE = List.of("pattern", "format", "multipleOf", "not");
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
    flags(old, now, where);
    choices(old, now, where, depth);
    properties(old, now, where, depth);
    within(old.path("items"), now.path("items"), where + "[]", depth);
    within(old.path("additionalProperties"), now.path("additionalProperties"), where + ".*", depth);
  }

  /// What items and further properties must be; without a schema, anything.
  private void within(JsonNode was, JsonNode is, String where, int depth) throws InvalidApi {
    boolean said = was.isObject() && !was.isEmpty();
    boolean says = is.isObject() && !is.isEmpty();
    if (said && says) {
      compare(was, is, where, depth + 1);
    } else if (says && !isFalse(was)) {
      narrower(where, "may be only as its schema says");
    } else if (said && !isFalse(is)) {
      wider(where, "may be anything");
    }
  }

  private static boolean isFalse(JsonNode schema) {
    return schema.isBoolean() && !schema.booleanValue();
  }

  private void flags(JsonNode old, JsonNode now, String where) {
    if (!is(old, "uniqueItems") && is(now, "uniqueItems")) {
      narrower(where, "takes no item twice");
    } else if (is(old, "uniqueItems") && !is(now, "uniqueItems")) {
      wider(where, "takes an item twice");
    }
    if (sent && !is(old, "readOnly") && is(now, "readOnly")) {
      report.add(Level.RISKY, where, "is only to be read");
    }
    if (!sent && !is(old, "writeOnly") && is(now, "writeOnly")) {
      report.add(Level.BREAKING, where, "is only to be written");
    }
    JsonNode was = old.path("default");
    if (sent && !was.isMissingNode() && !was.equals(now.path("default"))) {
      report.add(
          Level.RISKY,
          where,
          "'default' is %s and was %s".formatted(shown(now.path("default")), was));
    }
  }

  private static boolean is(JsonNode schema, String flag) {
    return schema.path(flag).asBoolean(false);
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
    List<JsonNode> was = values(old);
    List<JsonNode> is = values(now);
    if (was.isEmpty() && is.isEmpty()) {
      return;
    }
    if (was.isEmpty()) {
      narrower(where, "takes only certain values");
      return;
    }
    if (is.isEmpty()) {
      wider(where, "takes any value");
      return;
    }
    was.stream()
        .filter(value -> !is.contains(value))
        .forEach(value -> narrower(where, "has no value " + value + " any more"));
    // one value more is something that callers should expect, another set altogether is not
    Level more = was.stream().anyMatch(is::contains) ? Level.RISKY : Level.BREAKING;
    is.stream()
        .filter(value -> !was.contains(value))
        .forEach(
            value -> report.add(sent ? Level.COMPATIBLE : more, where, "has a new value " + value));
  }

  private static List<JsonNode> values(JsonNode schema) {
    return schema.has("const")
        ? List.of(schema.path("const"))
        : schema.path("enum").valueStream().toList();
  }

  private void bounds(JsonNode old, JsonNode now, String where) {
    bound(Bound.numeric(old, "maximum"), Bound.numeric(now, "maximum"), true, where + " maximum");
    bound(Bound.numeric(old, "minimum"), Bound.numeric(now, "minimum"), false, where + " minimum");
    UPPER.forEach(it -> bound(Bound.plain(old, it), Bound.plain(now, it), true, where + " " + it));
    LOWER.forEach(it -> bound(Bound.plain(old, it), Bound.plain(now, it), false, where + " " + it));
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

  private void bound(@Nullable Bound was, @Nullable Bound is, boolean upper, String where) {
    String what = "is " + Bound.shown(is) + " and was " + Bound.shown(was);
    if (was != null && (is == null || is.isLooser(was, upper))) {
      wider(where, what);
    } else if (is != null && (was == null || was.isLooser(is, upper))) {
      narrower(where, what);
    }
  }

  private void choices(JsonNode old, JsonNode now, String where, int depth) throws InvalidApi {
    for (String keyword : CHOICES) {
      JsonNode was = old.path(keyword);
      JsonNode is = now.path(keyword);
      if (was.isEmpty() || is.isEmpty()) {
        begunOrEnded(old, now, keyword, where);
        continue;
      }
      var alternatives = Alternatives.of(was, is);
      for (Alternatives.Kept kept : alternatives.kept()) {
        compare(kept.was(), kept.is(), where, depth + 1);
      }
      String what = "has %d alternatives and had %d".formatted(is.size(), was.size());
      if (!alternatives.gone().isEmpty()) {
        narrower(where, what);
      }
      if (!alternatives.added().isEmpty()) {
        wider(where, what);
      }
    }
  }

  /// Alternatives where there was one schema accept more only if that is one of them; and one
  /// schema in the place of alternatives accepts less only if it was one of these.
  private void begunOrEnded(JsonNode old, JsonNode now, String keyword, String where)
      throws InvalidApi {
    boolean begun = !now.path(keyword).isEmpty();
    if (begun == !old.path(keyword).isEmpty()) {
      return;
    }
    String what =
        "has %d alternatives and had %d"
            .formatted(now.path(keyword).size(), old.path(keyword).size());
    boolean among = false;
    for (JsonNode one : (begun ? now : old).path(keyword)) {
      among |= begun ? isKept(old, after.followed(one)) : isKept(now, before.followed(one));
    }
    if (among == begun) {
      wider(where, what);
    } else {
      narrower(where, what);
    }
  }

  /// Whether a schema says what the other said, titles and descriptions aside.
  private static boolean isKept(JsonNode one, JsonNode other) {
    return plain(one).equals(plain(other));
  }

  private static JsonNode plain(JsonNode schema) {
    return schema instanceof ObjectNode object
        ? object.deepCopy().remove(List.of("title", "description", "example", "examples"))
        : schema;
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
