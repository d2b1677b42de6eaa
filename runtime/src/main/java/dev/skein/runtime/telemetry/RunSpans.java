package dev.skein.runtime.telemetry;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.view.TaskHistory;
import dev.skein.runtime.view.TaskKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The spans of a run that has ended, made from its journal entry by entry: the run, its tasks (of
/// a Java workflow its steps), and the attempts of those that took several. Used once.
final class RunSpans {
  /// A run of more tasks tells of these alone, and says so.
  private static final int MOST = 10_000;

  private final Map<TaskKey, Doing> tasks = new LinkedHashMap<>();
  private final Map<TaskKey, Doing> steps = new LinkedHashMap<>();
  private TaskHistory history = new TaskHistory();
  private @Nullable Instant began;
  private int reopened;
  private boolean cut;
  private Entry.@Nullable RunEnded end;

  /// What is told of a run.
  record Told(RunRow run, Traces.Standing standing, Resource resource) {
    TraceContext around() {
      return standing.around();
    }

    boolean has(Traces.Origin origin) {
      return standing.origin() == origin;
    }
  }

  /// One execution of a task.
  private static final class Doing {
    final Instant startedAt;
    @Nullable Instant endedAt;
    String status = "";
    @Nullable Failure failure;

    Doing(Instant startedAt) {
      this.startedAt = startedAt;
    }

    void end(Instant at, String how, @Nullable Failure why) {
      endedAt = at;
      status = how;
      failure = why;
    }
  }

  void add(Entry entry) {
    history.add(entry);
    switch (entry) {
      case Entry.RunStarted e -> began = e.at();
      case Entry.RunEnded e -> end = e;
      case Entry.TaskStarted e -> doing(tasks, TaskKey.of(e.key()), e.at());
      case Entry.TaskEnded e -> {
        Doing doing = doing(tasks, TaskKey.of(e.key()), e.startedAt());
        if (doing != null) {
          doing.end(e.at(), e.status().name().toLowerCase(Locale.ROOT), e.failure());
        }
      }
      case Entry.StepCompleted e -> step(e.key(), e.startedAt(), e.at(), null);
      case Entry.StepFailed e -> step(e.key(), e.startedAt(), e.at(), e.failure());
      case Entry.RunForked e -> begin(e.at());
      case Entry.RunReopened e -> {
        begin(e.at());
        reopened++;
      }
      default -> {}
    }
  }

  /// What came before was told already, by another run or when this one had ended first.
  private void begin(Instant at) {
    began = at;
    tasks.clear();
    steps.clear();
    history = new TaskHistory();
  }

  private @Nullable Doing doing(Map<TaskKey, Doing> all, TaskKey key, Instant startedAt) {
    Doing known = all.get(key);
    if (known == null && all.size() >= MOST) {
      cut = true;
      return null;
    }
    return known == null ? put(all, key, startedAt) : known;
  }

  private static Doing put(Map<TaskKey, Doing> all, TaskKey key, Instant startedAt) {
    var doing = new Doing(startedAt);
    all.put(key, doing);
    return doing;
  }

  private void step(StepKey key, Instant startedAt, Instant at, @Nullable Failure failure) {
    if (tasks.isEmpty()) {
      Doing doing = doing(steps, new TaskKey("", key.toString()), startedAt);
      if (doing != null) {
        doing.end(at, failure == null ? "completed" : "faulted", failure);
      }
    }
  }

  List<SpanData> spans(Told told) {
    var spans = new ArrayList<SpanData>();
    SpanContext root = context(told, reopened == 0 ? "" : "#" + reopened);
    Entry.RunEnded ended = end;
    if (ended == null) {
      return List.of(); // opened again meanwhile: it is told of when it ends
    }
    Instant since = began == null ? told.run().startedAt() : began;
    spans.add(
        new RunSpan(
            told.resource(),
            root,
            told.has(Traces.Origin.HERE) ? SpanContext.getInvalid() : parent(told),
            told.run().workflow().namespace() + "/" + told.run().workflow().name(),
            told.has(Traces.Origin.OUTSIDE) ? SpanKind.SERVER : SpanKind.INTERNAL,
            since,
            ended.at(),
            attributes(told.run(), ended),
            status(ended.status() == RunStatus.FAULTED, ended.failure())));
    Map<TaskKey, Doing> all = tasks.isEmpty() ? steps : tasks;
    Map<String, List<TaskKey>> byName = new HashMap<>();
    all.keySet().forEach(k -> byName.computeIfAbsent(k.name(), _ -> new ArrayList<>()).add(k));
    all.forEach((key, doing) -> {
      TaskKey outer = around(key, byName);
      SpanContext parent = outer == null ? root : context(told, span(outer));
      addTask(spans, told, key, doing, parent, ended.at());
    });
    return spans;
  }

  private void addTask(
      List<SpanData> spans,
      Told told,
      TaskKey key,
      Doing doing,
      SpanContext parent,
      Instant runEnded) {
    Instant endedAt = doing.endedAt == null ? runEnded : doing.endedAt;
    boolean failed = doing.status.equals("faulted");
    SpanContext task = context(told, span(key));
    Attributes attributes = attributes(told.run(), key, doing);
    spans.add(
        new RunSpan(
            told.resource(),
            task,
            parent,
            key.task(),
            SpanKind.INTERNAL,
            doing.startedAt,
            endedAt,
            attributes,
            status(failed, doing.failure)));
    List<TaskHistory.Segment> segments = history.of(key);
    int attempt = 0;
    for (TaskHistory.Segment segment :
        segments.size() < 2 ? List.<TaskHistory.Segment>of() : segments) {
      if (segment.kind() != TaskHistory.Segment.Kind.ATTEMPT) {
        continue;
      }
      attempt++;
      Failure failure = segment.failure();
      var number = Attributes.builder().putAll(attributes).put("skein.attempt", attempt);
      spans.add(
          new RunSpan(
              told.resource(),
              context(told, span(key) + "\n" + attempt),
              task,
              "attempt",
              SpanKind.INTERNAL,
              segment.startedAt(),
              segment.endedAt(),
              typed(number, failure).build(),
              status(failure != null, failure)));
    }
  }

  /// What names the span of a task.
  static String span(TaskKey key) {
    return key.scope() + "\n" + key.name();
  }

  private static @Nullable TaskKey around(TaskKey key, Map<String, List<TaskKey>> byName) {
    for (String name : key.namesAround()) {
      for (TaskKey outer : byName.getOrDefault(name, List.of())) {
        if (key.isInside(outer)) {
          return outer;
        }
      }
    }
    // a function's tasks are named by the function, and stand in the scope of who called it
    for (String scope = key.scope(); !scope.isEmpty(); scope = outer(scope)) {
      List<TaskKey> callers = byName.get(scope);
      if (callers != null && !callers.getFirst().equals(key)) {
        return callers.getFirst();
      }
    }
    return null;
  }

  private static String outer(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static SpanContext context(Told told, String what) {
    TraceContext around = told.around();
    return SpanContext.create(
        around.traceId(),
        TraceContext.span(told.run().id(), what),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  private static SpanContext parent(Told told) {
    return SpanContext.createFromRemoteParent(
        told.around().traceId(),
        told.around().spanId(),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  private Attributes attributes(RunRow run, Entry.RunEnded ended) {
    AttributesBuilder attributes = run(run).put("skein.run.status", ended.status().toString());
    if (cut) {
      attributes.put("skein.run.cut", true);
    }
    return typed(attributes, ended.failure()).build();
  }

  private static Attributes attributes(RunRow run, TaskKey key, Doing doing) {
    AttributesBuilder attributes =
        run(run)
            .put("skein.task.name", key.task())
            .put("skein.task.reference", key.reference())
            .put("skein.task.status", doing.status);
    String iteration = key.iteration();
    if (iteration != null) {
      attributes.put("skein.task.iteration", iteration);
    }
    return typed(attributes, doing.failure).build();
  }

  private static AttributesBuilder run(RunRow run) {
    return Attributes.builder()
        .put("skein.run.id", run.id())
        .put("skein.workflow.namespace", run.workflow().namespace())
        .put("skein.workflow.name", run.workflow().name())
        .put("skein.workflow.version", run.workflow().version());
  }

  private static AttributesBuilder typed(AttributesBuilder attributes, @Nullable Failure failure) {
    return failure == null ? attributes : attributes.put("error.type", failure.type());
  }

  private static StatusData status(boolean failed, @Nullable Failure failure) {
    if (!failed) {
      return StatusData.unset();
    }
    return StatusData.create(
        io.opentelemetry.api.trace.StatusCode.ERROR, failure == null ? "" : failure.message());
  }
}
