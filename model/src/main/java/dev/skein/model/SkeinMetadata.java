package dev.skein.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `metadata.skein`, which carries what the DSL has no words for.
final class SkeinMetadata {
  private static final List<String> ORDERS = List.of("reverse", "parallel");
  private static final List<String> CAUSES = List.of("fault", "cancel", "timeout");

  private final Values values;
  private final References references;

  SkeinMetadata(Values values, References references) {
    this.values = values;
    this.references = references;
  }

  /// What a task carries.
  ///
  /// @param compensate a list of tasks or the name of a function, still to be read
  /// @param abandon whether a run it starts goes on when its own has ended
  record OfTask(
      @Nullable At compensate,
      @Nullable Parallel parallel,
      @Nullable JsonNode idempotencyKey,
      boolean abandon) {}

  /// @param kind the task's keyword
  OfTask task(@Nullable At metadata, String kind) {
    Fields skein = skein(metadata);
    return skein == null
        ? new OfTask(null, null, null, false)
        : values.reports().under(Code.METADATA, () -> task(skein, kind));
  }

  private OfTask task(Fields skein, String kind) {
    At compensate = skein.optional("compensate");
    At parallel = skein.optional("parallel");
    if (parallel != null && !kind.equals("for")) {
      values.reports().add(Code.METADATA, parallel, "only a 'for' task can run in parallel", null);
      parallel = null;
    }
    JsonNode idempotencyKey = values.templateString(skein.optional("idempotencyKey"));
    priority(skein);
    var _ = values.string(skein.optional("integration"));
    At tls = skein.optional("tls");
    if (tls != null && !kind.equals("call")) {
      values.reports().add(Code.METADATA, tls, "'tls' goes with 'call: grpc'", null);
    }
    var _ = values.bool(tls, false);
    At parentClose = skein.optional("parentClose");
    if (parentClose != null && !kind.equals("run")) {
      values
          .reports()
          .add(Code.METADATA, parentClose, "'parentClose' goes with the run of a workflow", null);
    }
    boolean abandon =
        values.oneOf(parentClose, List.of("cancel", "abandon"), "cancel").equals("abandon");
    skein.close();
    return new OfTask(compensate, parallel(parallel), idempotencyKey, abandon);
  }

  private @Nullable Parallel parallel(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    Integer max = values.integer(fields.optional("max"), 1, Integer.MAX_VALUE, Code.METADATA);
    boolean failFast = values.bool(fields.optional("failFast"), true);
    fields.close();
    return new Parallel(max == null ? Parallel.DEFAULT_MAX : max, failFast);
  }

  /// What the document carries.
  ///
  /// @param schedule rules still to be read
  /// @param api how it is published, still to be read
  record OfDocument(
      Saga saga, Map<String, JsonNode> attributes, @Nullable At schedule, @Nullable At api) {}

  OfDocument document(@Nullable At metadata) {
    Fields skein = skein(metadata);
    return skein == null
        ? new OfDocument(Saga.DEFAULT, Map.of(), null, null)
        : values.reports().under(Code.METADATA, () -> document(skein));
  }

  private OfDocument document(Fields skein) {
    Saga saga = saga(skein.optional("saga"));
    At attributes = skein.optional("attributes");
    Map<String, JsonNode> templates = new LinkedHashMap<>();
    values
        .entries(attributes)
        .forEach((name, entry) -> {
          JsonNode template =
              attributes == null ? null : values.template(attributes.child(name, entry.value()));
          if (template != null) {
            templates.put(name, template);
          }
        });
    priority(skein);
    At schedule = skein.optional("schedule");
    At api = skein.optional("api");
    skein.close();
    return new OfDocument(saga, Collections.unmodifiableMap(templates), schedule, api);
  }

  private Saga saga(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return Saga.DEFAULT;
    }
    String order = values.oneOf(fields.optional("order"), ORDERS, "reverse");
    At on = fields.optional("on");
    Set<Saga.On> causes = on == null ? Saga.DEFAULT.on() : causes(on);
    RetryPolicy retry = references.retry(fields.optional("retry"));
    fields.close();
    return new Saga(order.equals("parallel"), causes, retry == null ? Saga.DEFAULT_RETRY : retry);
  }

  private Set<Saga.On> causes(At at) {
    List<Yaml> items = values.items(at);
    Set<Saga.On> causes = EnumSet.noneOf(Saga.On.class);
    for (int i = 0; i < items.size(); i++) {
      switch (values.oneOf(at.item(i, items.get(i)), CAUSES, "fault")) {
        case "cancel" -> causes.add(Saga.On.CANCEL);
        case "timeout" -> causes.add(Saga.On.TIMEOUT);
        default -> causes.add(Saga.On.FAULT);
      }
    }
    return Collections.unmodifiableSet(causes);
  }

  private void priority(Fields skein) {
    var _ = values.integer(skein.optional("priority"), 1, 5, Code.METADATA);
  }

  private @Nullable Fields skein(@Nullable At metadata) {
    Yaml.Entry skein = values.entries(metadata).get("skein");
    if (metadata == null || skein == null) {
      return null;
    }
    At at = metadata.child("skein", skein.value());
    Fields fields = values.reports().under(Code.METADATA, () -> values.fields(at));
    if (fields != null) {
      fields.of("metadata.skein");
      fields.names().forEach(name -> note(fields, name));
    }
    return fields;
  }

  private void note(Fields skein, String name) {
    String message = "'metadata.skein." + name + "' means nothing to other runtimes";
    String path = skein.at().path() + "/" + At.escape(name);
    values.reports().note(Code.CARRIER, skein.key(name), path, message);
  }

  static JsonNode orEmpty(@Nullable At metadata) {
    return metadata == null ? JsonNodeFactory.instance.objectNode() : metadata.yaml().json();
  }
}
