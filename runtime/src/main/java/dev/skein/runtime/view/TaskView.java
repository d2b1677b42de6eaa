package dev.skein.runtime.view;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.StepKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One execution of a task, as the journal tells it.
///
/// @param reference JSON pointer of the task
/// @param iteration `3`, or `3#0` inside two loops; null outside loops
/// @param status `running`, `completed`, `skipped`, `faulted` or `cancelled`
/// @param attempts how often it was tried, with what is inside it; `startedAt` is of the first, the
///   rest of the last
/// @param error problem details
/// @param history what became of its time; empty for a task that ran once and at once
public record TaskView(
    String name,
    String reference,
    @Nullable String iteration,
    String status,
    int attempts,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable JsonNode input,
    @Nullable JsonNode output,
    @Nullable JsonNode error,
    List<TaskHistory.Segment> history) {

  /// The tasks of a run in the order they were started, outer ones before those inside them. A Java
  /// workflow has steps instead.
  public static List<TaskView> of(List<Entry> journal) {
    var order = new ArrayList<TaskKey>();
    var views = new HashMap<TaskKey, TaskView>();
    var underWay = new HashSet<StepKey>(); // written again after each checkpoint
    boolean hasTasks =
        journal.stream()
            .anyMatch(e -> e instanceof Entry.TaskStarted || e instanceof Entry.TaskEnded);
    for (Entry entry : journal) {
      switch (entry) {
        case Entry.TaskStarted e -> {
          TaskKey key = TaskKey.of(e.key());
          if (underWay.add(e.key()) && views.put(key, begun(key, e, views.get(key))) == null) {
            key.addTo(order);
          }
        }
        case Entry.TaskEnded e -> {
          TaskKey key = TaskKey.of(e.key());
          underWay.remove(e.key());
          if (views.put(key, ended(key, e, views.get(key))) == null) {
            key.addTo(order);
          }
        }
        case Entry.StepCompleted e -> {
          if (!hasTasks) {
            TaskKey key = new TaskKey("", e.key().toString());
            order.add(key);
            views.put(
                key,
                step(e.key(), "completed", e.attempts(), e.startedAt(), e.at())
                    .with(Views.json(e.output()), null));
          }
        }
        case Entry.StepFailed e -> {
          if (!hasTasks) {
            TaskKey key = new TaskKey("", e.key().toString());
            order.add(key);
            views.put(
                key,
                step(e.key(), "faulted", e.attempts(), e.startedAt(), e.at())
                    .with(null, error(e.failure())));
          }
        }
        case Entry.RunReopened e -> e.tasks().forEach(underWay::remove);
        case Entry.RunStarted _,
            Entry.RunEnded _,
            Entry.ControlRequested _,
            Entry.StepStarted _,
            Entry.AttemptFailed _,
            Entry.TimerSet _,
            Entry.TimerFired _,
            Entry.EventTaken _,
            Entry.ChildStarted _,
            Entry.ScopeClosed _,
            Entry.RunForked _,
            Entry.RunMoved _,
            Entry.CheckpointSaved _ -> {}
      }
    }
    Map<TaskKey, List<TaskHistory.Segment>> histories = TaskHistory.of(journal);
    return order.stream()
        .map(key -> known(views, key).with(histories.getOrDefault(key, List.of())))
        .toList();
  }

  private static TaskView known(Map<TaskKey, TaskView> views, TaskKey key) {
    TaskView view = views.get(key);
    if (view == null) {
      throw new IllegalStateException("no task " + key);
    }
    return view;
  }

  private static TaskView begun(TaskKey key, Entry.TaskStarted e, @Nullable TaskView before) {
    Instant startedAt = before == null ? e.at() : before.startedAt;
    int attempts = before == null ? 1 : before.attempts + 1;
    return named(key, "running", attempts, startedAt, null).given(Views.json(e.input()));
  }

  private static TaskView ended(TaskKey key, Entry.TaskEnded e, @Nullable TaskView before) {
    String status = e.status().name().toLowerCase(Locale.ROOT);
    TaskView begun = before != null && before.endedAt == null ? before : null;
    int earlier = before == null ? 0 : begun == null ? before.attempts : before.attempts - 1;
    Instant startedAt = before == null ? e.startedAt() : before.startedAt;
    JsonNode given = e.input() == null ? null : Views.json(e.input());
    return named(key, status, earlier + 1, startedAt, e.at())
        .given(begun == null ? given : begun.input)
        .with(
            e.output() == null ? null : Views.json(e.output()),
            e.failure() == null ? null : error(e.failure()));
  }

  /// The shape that every surface shows.
  public ObjectNode toJson() {
    ObjectNode json = Json.NODES.objectNode();
    json.put("name", name);
    json.put("reference", reference);
    if (iteration != null) {
      json.put("iteration", iteration);
    }
    json.put("status", status);
    json.put("attempts", attempts);
    json.put("startedAt", startedAt.toString());
    if (endedAt != null) {
      json.put("endedAt", endedAt.toString());
    }
    json.set("input", input == null ? Json.NODES.nullNode() : input);
    json.set("output", output == null ? Json.NODES.nullNode() : output);
    json.set("error", error == null ? Json.NODES.nullNode() : error);
    if (!history.isEmpty()) {
      ArrayNode segments = json.putArray("history");
      history.forEach(segment -> segments.add(segment.toJson()));
    }
    return json;
  }

  private static JsonNode error(Failure failure) {
    return Problems.problem(failure).toJson();
  }

  private static TaskView step(
      StepKey key, String status, int attempts, Instant startedAt, Instant endedAt) {
    String path = key.toString();
    return new TaskView(
        key.name(), path, null, status, attempts, startedAt, endedAt, null, null, null, List.of());
  }

  private static TaskView named(
      TaskKey key, String status, int attempts, Instant startedAt, @Nullable Instant endedAt) {
    return new TaskView(
        key.task(),
        key.reference(),
        key.iteration(),
        status,
        attempts,
        startedAt,
        endedAt,
        null,
        null,
        null,
        List.of());
  }

  private TaskView with(List<TaskHistory.Segment> segments) {
    return new TaskView(
        name, reference, iteration, status, attempts, startedAt, endedAt, input, output, error,
        segments);
  }

  private TaskView given(@Nullable JsonNode in) {
    return new TaskView(
        name, reference, iteration, status, attempts, startedAt, endedAt, in, output, error,
        history);
  }

  private TaskView with(@Nullable JsonNode out, @Nullable JsonNode problem) {
    return new TaskView(
        name, reference, iteration, status, attempts, startedAt, endedAt, input, out, problem,
        history);
  }
}
