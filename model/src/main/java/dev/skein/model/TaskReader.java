package dev.skein.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads lists of tasks, and of each task what all have in common; the rest is dispatched by its
/// keyword.
final class TaskReader {
  private static final List<String> KEYWORDS =
      List.of(
          "call", "do", "emit", "for", "fork", "listen", "raise", "run", "set", "switch", "try",
          "wait");
  private static final List<String> DIRECTIVES = List.of("continue", "exit", "end");

  private final Values values;
  private final Reports reports;
  private final References references;
  private final DataReader data;
  private final SkeinMetadata metadata;
  private final Functions functions;
  private final ControlReader control;
  private final CallReader calls;
  private final EventReader events;
  private final RunReader runs;

  /// @param functions the section `use.functions`, if there is one
  TaskReader(Values values, References references, PolicyReader policies, @Nullable At functions) {
    this.values = values;
    this.reports = values.reports();
    this.references = references;
    this.data = new DataReader(values, references);
    this.metadata = new SkeinMetadata(values, references);
    this.functions =
        new Functions(
            values,
            references,
            functions,
            (name, source) -> task(name, source.at(), source.name(), Set.of()));
    this.control = new ControlReader(this, values, references, policies);
    this.events = new EventReader(this, data, values);
    OtherCallReader others = new OtherCallReader(values, references, events);
    this.calls = new CallReader(values, references, this.functions, others);
    this.runs = new RunReader(values, references);
  }

  EventReader events() {
    return events;
  }

  Map<String, Task> functions() {
    return functions.all();
  }

  /// Reads tasks of which each leads to the next, unless it says otherwise.
  List<Task> list(@Nullable At at) {
    List<Task> tasks = branches(at);
    if (at != null && at.yaml().json().size() == tasks.size()) {
      Reachability.unreached(tasks).forEach(this::warnUnreached);
    }
    return tasks;
  }

  private void warnUnreached(Task task) {
    String message = "nothing leads to task '" + task.name() + "'";
    Position position = task.base().position();
    reports.warn(Code.UNREACHABLE, position, task.reference(), message, null);
  }

  /// Reads tasks that stand side by side.
  List<Task> branches(@Nullable At at) {
    List<Yaml> items = values.items(at);
    if (at == null) {
      return List.of();
    }
    if (at.yaml() instanceof Yaml.Sequence && items.isEmpty()) {
      reports.add(Code.EMPTY, at, "'" + Values.name(at) + "' has no tasks", null);
    }
    List<Found> found = new ArrayList<>();
    Map<String, Position> names = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      At item = at.item(i, items.get(i));
      Map.Entry<String, Yaml.Entry> only = only(item, "task");
      if (only == null) {
        continue;
      }
      String name = only.getKey();
      Position key = only.getValue().key();
      At task = item.child(name, only.getValue().value());
      Position earlier = names.putIfAbsent(name, key);
      if (earlier != null) {
        String message = "there is a task '" + name + "' in this list already";
        reports.add(
            Code.DUPLICATE_NAME,
            key,
            task.path(),
            message,
            "the first is in line " + earlier.line());
      }
      found.add(new Found(name, task, key));
    }
    List<Task> tasks = new ArrayList<>();
    for (Found item : found) {
      Task task = task(item.name, item.at, item.key, names.keySet());
      if (task != null) {
        tasks.add(task);
      }
    }
    return List.copyOf(tasks);
  }

  private record Found(String name, At at, Position key) {}

  /// The one entry of a list item such as `- name: {…}`.
  Map.@Nullable Entry<String, Yaml.Entry> only(At item, String what) {
    Map<String, Yaml.Entry> entries = values.entries(item);
    if (entries.size() == 1) {
      return entries.entrySet().iterator().next();
    }
    if (item.yaml() instanceof Yaml.Mapping) {
      String hint = entries.isEmpty() ? null : "indent its properties below its name";
      String message = "a list item must hold one named " + what + ", not " + entries.size();
      reports.add(Code.SHAPE, item, message, hint);
    }
    return null;
  }

  private @Nullable Task task(String name, At at, Position key, Set<String> siblings) {
    Fields fields = values.fields(at);
    String keyword = fields == null ? null : keyword(name, fields, key);
    if (fields == null || keyword == null) {
      return null;
    }
    At meta = fields.optional("metadata");
    SkeinMetadata.OfTask skein = metadata.task(meta, keyword);
    DataReader.Shape export = data.shape(fields.optional("export"), "as");
    Then then = then(fields.optional("then"), siblings);
    fields.of("a " + keyword + " task");
    TaskBase base =
        new TaskBase(
            name,
            at.path(),
            values.expression(fields.optional("if")),
            data.data(fields.optional("input"), fields.optional("output")),
            export.mapping(),
            export.schema(),
            references.timeout(fields.optional("timeout")),
            then == null ? new Then.Continue() : then,
            SkeinMetadata.orEmpty(meta),
            compensate(skein.compensate(), at),
            skein.idempotencyKey(),
            at.yaml().json(),
            key);
    Task task = kind(keyword, new Draft(base, fields, siblings, skein));
    fields.close();
    return task;
  }

  private @Nullable String keyword(String name, Fields fields, Position key) {
    List<String> found = new ArrayList<>(KEYWORDS);
    found.retainAll(fields.names());
    if (found.contains("for")) {
      found.remove("do");
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    String path = fields.at().path();
    if (!found.isEmpty()) {
      String message = "a task must do one thing, not " + String.join(" and ", found);
      reports.add(Code.SHAPE, key, path, message, "make several tasks of it");
      return null;
    }
    for (String written : fields.names()) {
      String meant = Suggestions.nearest(written, KEYWORDS);
      if (meant != null && !written.equals("if")) {
        String wrong = path + "/" + At.escape(written);
        String message = "unknown property '" + written + "' in task '" + name + "'";
        reports.add(
            Code.UNKNOWN_PROPERTY,
            fields.key(written),
            wrong,
            message,
            "did you mean '" + meant + "'?");
        return null;
      }
    }
    reports.add(
        Code.MISSING,
        key,
        path,
        "the task does nothing",
        "give it one of " + String.join(", ", KEYWORDS));
    return null;
  }

  private @Nullable Task kind(String keyword, Draft draft) {
    Fields fields = draft.fields();
    return switch (keyword) {
      case "do" -> new DoTask(draft.base(), list(fields.required("do")));
      case "set" -> set(draft);
      case "wait" -> {
        JsonNode duration = values.duration(fields.required("wait"));
        yield duration == null ? null : new WaitTask(draft.base(), duration);
      }
      case "raise" -> raise(draft);
      case "switch" -> control.switchTask(draft);
      case "for" -> control.forTask(draft);
      case "fork" -> control.fork(draft);
      case "try" -> control.tryTask(draft);
      case "emit" -> events.emit(draft);
      case "listen" -> events.listen(draft);
      case "run" -> runs.run(draft, draft.skein().abandon());
      default -> calls.call(draft);
    };
  }

  private @Nullable Task set(Draft draft) {
    At at = draft.fields().required("set");
    if (at == null) {
      return null;
    }
    JsonNode value = at.yaml().json();
    if (value.isObject() && value.isEmpty()) {
      reports.add(Code.SHAPE, at, "'set' sets nothing", null);
    } else if (!value.isObject() && !value.isString()) {
      values.mistyped(at, "an object or an expression");
    } else {
      values.template(at);
    }
    return new SetTask(draft.base(), value);
  }

  private @Nullable Task raise(Draft draft) {
    Fields raise = values.fields(draft.fields().required("raise"));
    if (raise == null) {
      return null;
    }
    JsonNode error = references.error(raise.required("error"));
    raise.close();
    return error == null ? null : new RaiseTask(draft.base(), error);
  }

  /// @param siblings names of the tasks in the same list
  @Nullable Then then(@Nullable At at, Set<String> siblings) {
    String directive = values.string(at);
    if (at == null || directive == null) {
      return null;
    }
    Then then = Then.of(directive);
    if (then instanceof Then.To(String target) && !siblings.contains(target)) {
      List<String> known = new ArrayList<>(siblings);
      known.addAll(DIRECTIVES);
      String hint = Suggestions.hint(target, known);
      reports.add(
          Code.FLOW,
          at,
          "there is no task '" + target + "' in this list",
          hint == null ? "'then' leads to a task of the same list, or continue, exit, end" : hint);
    }
    return then;
  }

  private List<Task> compensate(@Nullable At at, At task) {
    if (at == null) {
      return List.of();
    }
    if (!at.yaml().json().isString()) {
      return reports.under(Code.METADATA, () -> list(at));
    }
    String name = at.yaml().json().stringValue();
    Task target = functions.resolve(at, name);
    if (target == null) {
      return List.of();
    }
    TaskBase base =
        new TaskBase(
            name,
            task.path() + "/metadata/skein/compensate/0/" + At.escape(name),
            null,
            Data.NONE,
            null,
            null,
            null,
            new Then.Continue(),
            JsonNodeFactory.instance.objectNode(),
            List.of(),
            null,
            JsonNodeFactory.instance.objectNode().put("call", name),
            at.position());
    return List.of(new CallFunctionTask(base, name, JsonNodeFactory.instance.objectNode(), target));
  }
}
