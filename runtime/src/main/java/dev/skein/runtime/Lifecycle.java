package dev.skein.runtime;

import dev.skein.interpreter.CloudEvents;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.kernel.Announcement;
import dev.skein.kernel.Engine;
import dev.skein.kernel.Herald;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.view.TaskKey;
import dev.skein.runtime.view.TaskView;
import dev.skein.runtime.view.Views;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Tells of runs and tasks by the CloudEvents that the specification of the language lists (section
/// "Lifecycle Events" of its reference), to those who listen for them. Thread-safe.
final class Lifecycle implements Herald {
  /// What the name of the pause before another attempt ends in.
  private static final String RETRY = "/retry";

  private final Store store;
  private final Demand demand;
  private final BiPredicate<WorkflowRef, String> listens;

  /// @param listens whether a task of a workflow, by its reference, is a `listen`
  Lifecycle(Store store, Demand demand, BiPredicate<WorkflowRef, String> listens) {
    this.store = store;
    this.demand = demand;
    this.listens = listens;
  }

  @Override
  public boolean isWanted() {
    return !demand.isEmpty();
  }

  @Override
  public List<Announcement> written(RunRow run, Entry entry) {
    var told = new Telling(run, entry.at());
    switch (entry) {
      case Entry.RunStarted _ -> told.workflow("started", told.at("startedAt"));
      case Entry.RunEnded e -> ended(told, e);
      case Entry.TaskStarted e -> began(told, e.key(), e.at());
      case Entry.TaskEnded e -> {
        if (e.input() != null && e.status() != Entry.TaskStatus.SKIPPED) {
          began(told, e.key(), e.startedAt()); // which was not written at the time
        }
        ended(told, e);
      }
      case Entry.TimerFired e -> {
        if (e.key().name().endsWith(RETRY)) {
          String name = e.key().name();
          String task = name.substring(0, name.length() - RETRY.length());
          told.task("retried", Place.of(new TaskKey("", task)), told.at("retriedAt"));
        }
      }
      case Entry.RunReopened _ -> told.workflow("resumed", told.at("resumedAt"));
      case Entry.ControlRequested _,
          Entry.StepStarted _,
          Entry.StepCompleted _,
          Entry.StepFailed _,
          Entry.AttemptFailed _,
          Entry.TimerSet _,
          Entry.EventTaken _,
          Entry.ChildStarted _,
          Entry.ScopeClosed _,
          Entry.CheckpointSaved _,
          Entry.RunForked _,
          Entry.RunMoved _ -> {}
    }
    return told.events;
  }

  private static void ended(Telling told, Entry.RunEnded end) {
    String kind = end.status().toString();
    ObjectNode data = told.at(kind + "At");
    if (end.status() == RunStatus.FAULTED && end.failure() != null) {
      data.set("error", Problems.problem(end.failure()).toJson());
    }
    if (end.output() != null) {
      data.set("output", Views.json(end.output()));
    }
    told.workflow(kind, data);
  }

  private void began(Telling told, StepKey step, Instant at) {
    TaskKey key = TaskKey.of(step);
    told.task("created", Place.of(key), told.data("createdAt", at));
    told.task("started", Place.of(key), told.data("startedAt", at));
    if (listens.test(told.run.workflow(), key.reference())) {
      told.workflow("correlation-started", told.data("startedAt", at));
    }
  }

  private void ended(Telling told, Entry.TaskEnded end) {
    TaskKey key = TaskKey.of(end.key());
    String kind = end.status().name().toLowerCase(Locale.ROOT);
    ObjectNode data = told.at(kind + "At");
    if (end.failure() != null) {
      data.set("error", Problems.problem(end.failure()).toJson());
    }
    if (end.output() != null) {
      data.set("output", Views.json(end.output()));
    }
    if (end.status() != Entry.TaskStatus.SKIPPED) {
      told.task(kind, Place.of(key), data);
    }
    if (end.status() == Entry.TaskStatus.COMPLETED
        && listens.test(told.run.workflow(), key.reference())) {
      told.workflow("correlation-completed", told.at("completedAt"));
    }
  }

  @Override
  public List<Announcement> became(RunRow run, RunStatus status, Instant at) {
    var told = new Telling(run, at);
    String kind = status == RunStatus.SUSPENDED ? "suspended" : "resumed";
    told.workflow(kind, told.at(kind + "At"));
    if (demand.includes("task." + kind + ".v1") || demand.includes("task.status-changed.v1")) {
      for (TaskView task : TaskView.of(Engine.journal(store, run.number()))) {
        if (task.status().equals("running")) {
          told.task(kind, Place.of(task), told.at(kind + "At"));
        }
      }
    }
    return told.events;
  }

  /// Which execution of a task it is about.
  private record Place(String reference, @Nullable String iteration) {
    static Place of(TaskKey key) {
      return new Place(key.reference(), key.iteration());
    }

    static Place of(TaskView task) {
      return new Place(task.reference(), task.iteration());
    }
  }

  /// The events that one thing leads to.
  private final class Telling {
    private final RunRow run;
    private final Instant at;
    private final List<Announcement> events = new ArrayList<>();

    Telling(RunRow run, Instant at) {
      this.run = run;
      this.at = at;
    }

    /// The time of it, under the name that the event gives it.
    ObjectNode at(String name) {
      return data(name, at);
    }

    ObjectNode data(String name, Instant time) {
      return Json.NODES.objectNode().put(name, time.toString());
    }

    void workflow(String kind, ObjectNode data) {
      data.put("name", qualifiedName());
      tell("workflow." + kind, run.id(), data);
      if (!kind.startsWith("correlation")) {
        ObjectNode status = data("updatedAt", at).put("name", qualifiedName());
        tell("workflow.status-changed", run.id(), status.put("status", phase(kind)));
      }
    }

    void task(String kind, Place place, ObjectNode data) {
      tell("task." + kind, place.reference, placed(data, place));
      ObjectNode status = placed(data("updatedAt", at), place).put("status", phase(kind));
      tell("task.status-changed", place.reference, status);
    }

    private ObjectNode placed(ObjectNode data, Place place) {
      data.put("workflow", qualifiedName()).put("task", place.reference);
      return place.iteration == null ? data : data.put("iteration", place.iteration);
    }

    /// The run, written as the specification writes it.
    private String qualifiedName() {
      return run.workflow().name() + "-" + run.id() + "." + run.workflow().namespace();
    }

    private static String phase(String kind) {
      return switch (kind) {
        case "created" -> "pending";
        case "started", "resumed", "retried" -> "running";
        default -> kind;
      };
    }

    private void tell(String kind, String subject, ObjectNode data) {
      String type = kind + ".v1";
      if (!demand.includes(type)) {
        return;
      }
      data.putObject("definition")
          .put("namespace", run.workflow().namespace())
          .put("name", run.workflow().name())
          .put("version", run.workflow().version());
      ObjectNode event = CloudEvents.lifecycle(UUID.randomUUID().toString(), run.id(), type, at);
      event.put("subject", subject);
      event.set("data", data);
      events.add(CloudEvents.announcement(event));
    }
  }
}
