package dev.skein.runtime.view;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.StepKey;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Something that has happened to a run or to one of its tasks: what those hear of who follow it.
///
/// @param task null for the run itself
/// @param status that it has now
/// @param failure why it faulted
public record Happening(
    @Nullable TaskKey task, String status, Instant at, @Nullable Failure failure) {

  /// Null for what only replay needs.
  public static @Nullable Happening of(Entry entry) {
    return switch (entry) {
      case Entry.RunStarted e -> new Happening(null, "running", e.at(), null);
      case Entry.RunEnded e -> new Happening(null, e.status().toString(), e.at(), e.failure());
      case Entry.TaskStarted e -> ofTask(e.key(), "running", e.at(), null);
      case Entry.TaskEnded e ->
          ofTask(e.key(), e.status().name().toLowerCase(Locale.ROOT), e.at(), e.failure());
      case Entry.RunReopened e -> new Happening(null, "running", e.at(), null);
      case Entry.ControlRequested _,
          Entry.StepStarted _,
          Entry.StepCompleted _,
          Entry.StepFailed _,
          Entry.AttemptFailed _,
          Entry.TimerSet _,
          Entry.TimerFired _,
          Entry.EventTaken _,
          Entry.ChildStarted _,
          Entry.ScopeClosed _,
          Entry.CheckpointSaved _,
          Entry.RunForked _,
          Entry.RunMoved _ ->
          null;
    };
  }

  private static Happening ofTask(
      StepKey key, String status, Instant at, @Nullable Failure failure) {
    return new Happening(TaskKey.of(key), status, at, failure);
  }

  /// `task` or `run`.
  public String kind() {
    return task == null ? "run" : "task";
  }

  /// @param run the run's id
  public ObjectNode toJson(String run) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("run", run);
    if (task != null) {
      json.put("name", task.task());
      json.put("reference", task.reference());
      if (task.iteration() != null) {
        json.put("iteration", task.iteration());
      }
    }
    json.put("status", status);
    json.put("at", at.toString());
    if (failure != null) {
      json.set("error", Problems.problem(failure).toJson());
    }
    return json;
  }
}
