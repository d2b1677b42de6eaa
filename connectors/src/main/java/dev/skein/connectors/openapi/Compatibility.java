package dev.skein.connectors.openapi;

import dev.skein.connectors.openapi.Change.Level;
import dev.skein.connectors.openapi.Operation.Body;
import dev.skein.connectors.openapi.Operation.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a new version of an API means for those who call it as it was. Used once.
public final class Compatibility {
  private final References before;
  private final References after;
  private final List<Change> changes = new ArrayList<>();
  private String operation = "";

  private Compatibility(ApiDocument was, ApiDocument is) {
    this.before = new References(was.root());
    this.after = new References(is.root());
  }

  /// All differences that matter, the worst first.
  ///
  /// @throws InvalidApi if a schema of one does not hold together
  public static List<Change> between(ApiDocument was, ApiDocument is) throws InvalidApi {
    var comparison = new Compatibility(was, is);
    comparison.operations(byPlace(was), byPlace(is));
    return comparison.changes.stream().sorted(Comparator.comparing(Change::level)).toList();
  }

  /// The names of parameters do not tell one path from another.
  private static Map<String, Operation> byPlace(ApiDocument api) {
    var operations = new LinkedHashMap<String, Operation>();
    api.operations()
        .forEach(
            it -> operations.put(it.method() + " " + it.path().replaceAll("\\{[^}]*}", "{}"), it));
    return operations;
  }

  private void add(Level level, String where, String what) {
    changes.add(new Change(level, operation, where.strip(), what));
  }

  private void operations(Map<String, Operation> was, Map<String, Operation> is) throws InvalidApi {
    for (Map.Entry<String, Operation> place : was.entrySet()) {
      Operation old = place.getValue();
      Operation now = is.get(place.getKey());
      operation = old.method() + " " + old.path();
      if (now == null) {
        add(Level.BREAKING, "", "is gone");
      } else {
        compare(old, now);
      }
    }
    for (Map.Entry<String, Operation> place : is.entrySet()) {
      if (!was.containsKey(place.getKey())) {
        operation = place.getValue().method() + " " + place.getValue().path();
        add(Level.COMPATIBLE, "", "is new");
      }
    }
  }

  private void compare(Operation was, Operation is) throws InvalidApi {
    if (was.id() != null && !was.id().equals(is.id())) {
      add(Level.BREAKING, "operationId", "is %s and was %s".formatted(is.id(), was.id()));
    }
    if (is.deprecated() && !was.deprecated()) {
      add(Level.RISKY, "", "is deprecated");
    }
    if (!was.servers().equals(is.servers())) {
      add(Level.RISKY, "", "is served at %s and was at %s".formatted(is.servers(), was.servers()));
    }
    parameters(was, is);
    bodies(was.body(), is.body());
    responses(was.responses(), is.responses());
    security(was, is);
  }

  private static @Nullable Parameter alike(Parameter one, List<Parameter> others) {
    return others.stream()
        .filter(it -> it.in() == one.in() && it.name().equals(one.name()))
        .findFirst()
        .orElse(null);
  }

  private void parameters(Operation was, Operation is) throws InvalidApi {
    for (Parameter old : was.parameters()) {
      Parameter now = alike(old, is.parameters());
      if (now == null) {
        add(
            old.in() == Parameter.In.PATH ? Level.BREAKING : Level.RISKY,
            old.toString(),
            "is gone");
        continue;
      }
      if (now.required() && !old.required()) {
        add(Level.BREAKING, old.toString(), "must be given");
      } else if (!now.required() && old.required()) {
        add(Level.COMPATIBLE, old.toString(), "may be left out");
      }
      boolean written =
          old.style() == now.style()
              && old.explode() == now.explode()
              && Objects.equals(old.mediaType(), now.mediaType());
      if (!written) {
        add(Level.BREAKING, old.toString(), "is written in another way");
      }
      new SchemaChanges(before, after, true, this::add)
          .compare(old.schema(), now.schema(), old.toString());
    }
    for (Parameter now : is.parameters()) {
      if (alike(now, was.parameters()) == null) {
        add(
            now.required() ? Level.BREAKING : Level.COMPATIBLE,
            now.toString(),
            now.required() ? "is new and must be given" : "is new");
      }
    }
  }

  private void bodies(@Nullable Body was, @Nullable Body is) throws InvalidApi {
    if (was == null && is != null) {
      add(is.required() ? Level.BREAKING : Level.COMPATIBLE, "body", "is new");
    } else if (was != null && is == null) {
      add(Level.RISKY, "body", "is gone");
    } else if (was != null && is != null) {
      if (is.required() && !was.required()) {
        add(Level.BREAKING, "body", "must be given");
      }
      contents(was.content(), is.content(), "body", true);
    }
  }

  private void contents(
      Map<String, JsonNode> was, Map<String, JsonNode> is, String where, boolean sent)
      throws InvalidApi {
    for (Map.Entry<String, JsonNode> old : was.entrySet()) {
      JsonNode now = is.get(old.getKey());
      if (now == null) {
        add(Level.BREAKING, where, "is no longer " + old.getKey());
      } else {
        new SchemaChanges(before, after, sent, this::add).compare(old.getValue(), now, where + " ");
      }
    }
    for (String type : is.keySet()) {
      if (!was.containsKey(type)) {
        add(Level.COMPATIBLE, where, "may be " + type);
      }
    }
  }

  private void responses(Map<String, Response> was, Map<String, Response> is) throws InvalidApi {
    for (Map.Entry<String, Response> old : was.entrySet()) {
      Response now = is.get(old.getKey());
      String where = "response " + old.getKey();
      if (now == null) {
        add(old.getKey().startsWith("2") ? Level.BREAKING : Level.RISKY, where, "is gone");
      } else {
        contents(old.getValue().content(), now.content(), where, false);
        headers(old.getValue().headers(), now.headers(), where);
      }
    }
    for (String status : is.keySet()) {
      if (!was.containsKey(status)) {
        add(
            status.startsWith("2") ? Level.RISKY : Level.COMPATIBLE,
            "response " + status,
            "is new");
      }
    }
  }

  private void headers(
      Map<String, Operation.Header> was, Map<String, Operation.Header> is, String where)
      throws InvalidApi {
    var now = new TreeMap<String, Operation.Header>(String.CASE_INSENSITIVE_ORDER);
    now.putAll(is);
    for (Map.Entry<String, Operation.Header> old : was.entrySet()) {
      Operation.Header same = now.get(old.getKey());
      String header = where + " header " + old.getKey();
      if (same == null) {
        add(old.getValue().required() ? Level.BREAKING : Level.RISKY, header, "is gone");
        continue;
      }
      if (old.getValue().required() && !same.required()) {
        add(Level.BREAKING, header, "may be missing");
      }
      new SchemaChanges(before, after, false, this::add)
          .compare(old.getValue().schema(), same.schema(), header);
    }
  }

  /// Each way to prove oneself that was enough must be enough.
  private void security(Operation was, Operation is) {
    for (JsonNode way : was.security()) {
      if (is.security().stream().noneMatch(it -> asksNoMore(it, way))) {
        add(Level.BREAKING, "security", "%s is no longer enough".formatted(way));
      }
    }
    if (was.security().isEmpty() && !is.security().isEmpty()) {
      boolean optional = is.security().stream().anyMatch(JsonNode::isEmpty);
      add(optional ? Level.COMPATIBLE : Level.BREAKING, "security", "is asked for");
    }
  }

  private static boolean asksNoMore(JsonNode now, JsonNode than) {
    return now.properties().stream()
        .allMatch(scheme ->
            than.has(scheme.getKey())
                && scheme
                    .getValue()
                    .valueStream()
                    .allMatch(
                        scope -> than.path(scheme.getKey()).valueStream().anyMatch(scope::equals)));
  }
}
