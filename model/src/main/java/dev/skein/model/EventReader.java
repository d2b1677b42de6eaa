package dev.skein.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads the tasks that publish events and wait for them.
final class EventReader {
  private static final List<String> READS = List.of("data", "envelope", "raw");
  private static final List<String> STRATEGIES = List.of("one", "all", "any");
  private static final List<String> TEXTS = List.of("id", "type", "subject", "datacontenttype");
  private static final List<String> URIS = List.of("source", "dataschema");

  private final TaskReader tasks;
  private final DataReader data;
  private final Values values;

  EventReader(TaskReader tasks, DataReader data, Values values) {
    this.tasks = tasks;
    this.data = data;
    this.values = values;
  }

  @Nullable Task emit(Draft draft) {
    Fields emit = values.fields(draft.fields().required("emit"));
    if (emit == null) {
      return null;
    }
    Fields event = values.fields(emit.required("event"));
    emit.close();
    if (event == null) {
      return null;
    }
    At with = event.optional("with");
    JsonNode attributes = attributes(with, "type");
    event.closeOpen();
    return new EmitTask(draft.base(), attributes);
  }

  @Nullable Task listen(Draft draft) {
    Fields listen = values.fields(draft.fields().required("listen"));
    EventStrategy to = null;
    String read = "data";
    if (listen != null) {
      to = strategy(listen.required("to"), true);
      read = values.oneOf(listen.optional("read"), READS, read);
      listen.close();
    }
    Foreach foreach = foreach(draft.fields().optional("foreach"));
    return to == null ? null : new ListenTask(draft.base(), to, read, foreach);
  }

  /// @param mayStop whether it may have an `until`
  @Nullable EventStrategy strategy(@Nullable At at, boolean mayStop) {
    Fields fields = values.fields(at, "an object with one of one, all, any");
    if (fields == null) {
      return null;
    }
    At one = fields.optional("one");
    At all = fields.optional("all");
    At any = fields.optional("any");
    At until = mayStop && any != null ? fields.optional("until") : null;
    fields.close();
    long given = STRATEGIES.stream().filter(fields::has).count();
    if (given != 1) {
      values.reports().add(Code.SHAPE, fields.at(), "give exactly one of one, all, any", null);
      return null;
    }
    if (one != null) {
      EventFilter filter = filter(one);
      return filter == null ? null : new EventStrategy.One(filter);
    }
    if (all != null) {
      return new EventStrategy.All(filters(all));
    }
    return new EventStrategy.Any(filters(any), until == null ? null : until(until));
  }

  private EventStrategy.@Nullable Until until(At at) {
    if (at.yaml().json().isString()) {
      String condition = values.expression(at);
      return condition == null ? null : new EventStrategy.Until.Holds(condition);
    }
    EventStrategy events = strategy(at, false);
    return events == null ? null : new EventStrategy.Until.Consumed(events);
  }

  private List<EventFilter> filters(@Nullable At at) {
    List<Yaml> items = values.items(at);
    List<EventFilter> filters = new ArrayList<>();
    for (int i = 0; at != null && i < items.size(); i++) {
      EventFilter filter = filter(at.item(i, items.get(i)));
      if (filter != null) {
        filters.add(filter);
      }
    }
    return List.copyOf(filters);
  }

  private @Nullable EventFilter filter(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    At with = fields.required("with");
    JsonNode attributes = attributes(with, null);
    if (with != null && attributes.isEmpty() && with.yaml() instanceof Yaml.Mapping) {
      values.reports().add(Code.SHAPE, with, "the event filter is empty", null);
    }
    At correlate = fields.optional("correlate");
    Map<String, EventFilter.Correlation> correlations = new LinkedHashMap<>();
    values
        .entries(correlate)
        .forEach((name, entry) -> {
          EventFilter.Correlation read =
              correlate == null ? null : correlation(correlate.child(name, entry.value()));
          if (read != null) {
            correlations.put(name, read);
          }
        });
    fields.close();
    return new EventFilter(attributes, Map.copyOf(correlations));
  }

  private EventFilter.@Nullable Correlation correlation(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    String from = values.expression(fields.required("from"));
    JsonNode expect = values.templateString(fields.optional("expect"));
    fields.closeOpen();
    return from == null ? null : new EventFilter.Correlation(from, expect);
  }

  /// @param needed an attribute that must be there
  private JsonNode attributes(@Nullable At at, @Nullable String needed) {
    Fields fields = values.fields(at);
    if (fields == null || at == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (needed != null) {
      var _ = fields.required(needed);
    }
    for (String text : TEXTS) {
      var _ = values.templateString(fields.optional(text));
    }
    for (String name : URIS) {
      var _ = values.uriOrExpression(fields.optional(name));
    }
    var _ = values.timeOrExpression(fields.optional("time"));
    for (String name : fields.names()) {
      if (!TEXTS.contains(name) && !URIS.contains(name) && !name.equals("time")) {
        var _ = values.template(fields.optional(name));
      }
    }
    fields.close();
    return at.yaml().json();
  }

  @Nullable Foreach foreach(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    String item = values.variable(fields.optional("item"), "item");
    String index = values.variable(fields.optional("at"), "index");
    At body = fields.optional("do");
    List<Task> list = body == null ? List.of() : tasks.list(body);
    Data output = data.data(null, fields.optional("output"));
    DataReader.Shape export = data.shape(fields.optional("export"), "as");
    fields.close();
    return new Foreach(item, index, list, output, export.mapping(), export.schema());
  }
}
