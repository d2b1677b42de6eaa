package dev.skein.runtime;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.StepKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One execution of a task, as the journal tells it.
///
/// @param reference JSON pointer of the task
/// @param iteration `3`, or `3#0` inside two loops; null outside loops
/// @param status `running`, `completed`, `skipped`, `faulted` or `cancelled`
/// @param attempts of the call it makes; 1 for tasks that make none
/// @param error problem details
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
    @Nullable JsonNode error) {

  /// The tasks of a run in the order they were started, outer ones before those inside them. A Java
  /// workflow has steps instead.
  public static List<TaskView> of(List<Entry> journal) {
    var order = new ArrayList<StepKey>();
    var views = new HashMap<StepKey, TaskView>();
    boolean hasTasks =
        journal.stream()
            .anyMatch(e -> e instanceof Entry.TaskStarted || e instanceof Entry.TaskEnded);
    for (Entry entry : journal) {
      switch (entry) {
        case Entry.TaskStarted e -> {
          if (views.putIfAbsent(e.key(), started(e)) == null) {
            order.add(place(order, e.key()), e.key());
          }
        }
        case Entry.TaskEnded e -> {
          if (!views.containsKey(e.key())) {
            order.add(place(order, e.key()), e.key());
          }
          views.put(e.key(), ended(e, views.get(e.key())));
        }
        case Entry.StepCompleted e -> {
          if (!hasTasks) {
            order.add(e.key());
            views.put(
                e.key(),
                step(e.key(), "completed", e.attempts(), e.startedAt(), e.at())
                    .with(Json.json(e.output()), null));
          }
        }
        case Entry.StepFailed e -> {
          if (!hasTasks) {
            order.add(e.key());
            views.put(
                e.key(),
                step(e.key(), "faulted", e.attempts(), e.startedAt(), e.at())
                    .with(null, error(e.failure())));
          }
        }
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
            Entry.CheckpointSaved _ -> {}
      }
    }
    return order.stream().map(key -> known(views, key)).toList();
  }

  private static TaskView known(Map<StepKey, TaskView> views, StepKey key) {
    TaskView view = views.get(key);
    if (view == null) {
      throw new IllegalStateException("no task " + key);
    }
    return view;
  }

  /// Where a task that is first heard of now stands among the others: before the tasks inside it,
  /// which may have been heard of sooner because pure tasks are noted only at their end.
  public static int place(List<StepKey> order, StepKey key) {
    int place = order.size();
    while (place > 0 && inside(order.get(place - 1), key)) {
      place--;
    }
    return place;
  }

  private static boolean inside(StepKey inner, StepKey outer) {
    return inner.scope().startsWith(outer.scope())
        && reference(inner).startsWith(reference(outer) + "/")
        && iterations(inner).startsWith(iterations(outer));
  }

  private static String reference(StepKey key) {
    int hash = key.name().indexOf('#');
    return hash < 0 ? key.name() : key.name().substring(0, hash);
  }

  private static String iterations(StepKey key) {
    int hash = key.name().indexOf('#');
    return hash < 0 ? "" : key.name().substring(hash);
  }

  private static TaskView started(Entry.TaskStarted e) {
    return named(e.key(), "running", 1, e.at(), null).given(Json.json(e.input()));
  }

  private static TaskView ended(Entry.TaskEnded e, @Nullable TaskView begun) {
    String status = e.status().name().toLowerCase(Locale.ROOT);
    Instant startedAt = begun == null ? e.startedAt() : begun.startedAt;
    JsonNode input = begun != null ? begun.input : e.input() == null ? null : Json.json(e.input());
    return named(e.key(), status, 1, startedAt, e.at())
        .given(input)
        .with(
            e.output() == null ? null : Json.json(e.output()),
            e.failure() == null ? null : error(e.failure()));
  }

  private static JsonNode error(Failure failure) {
    return Problems.problem(failure).toJson();
  }

  private static TaskView step(
      StepKey key, String status, int attempts, Instant startedAt, Instant endedAt) {
    String path = key.toString();
    return new TaskView(
        key.name(), path, null, status, attempts, startedAt, endedAt, null, null, null);
  }

  private static TaskView named(
      StepKey key, String status, int attempts, Instant startedAt, @Nullable Instant endedAt) {
    String reference = reference(key);
    String iterations = iterations(key);
    return new TaskView(
        reference.substring(reference.lastIndexOf('/') + 1),
        reference,
        iterations.isEmpty() ? null : iterations.substring(1),
        status,
        attempts,
        startedAt,
        endedAt,
        null,
        null,
        null);
  }

  private TaskView given(@Nullable JsonNode in) {
    return new TaskView(
        name, reference, iteration, status, attempts, startedAt, endedAt, in, output, error);
  }

  private TaskView with(@Nullable JsonNode out, @Nullable JsonNode problem) {
    return new TaskView(
        name, reference, iteration, status, attempts, startedAt, endedAt, input, out, problem);
  }
}
