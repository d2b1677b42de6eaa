package dev.skein.runtime.view;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.RunNumbers;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An entry of a journal as people are shown it.
public final class EntryView {
  private final ObjectNode json = Json.NODES.objectNode();

  private EntryView(String kind, Instant at) {
    json.put("kind", kind).put("at", at.toString());
  }

  /// `{kind, at, key?, …}`, with what that kind of entry has.
  public static ObjectNode json(Entry entry) {
    return switch (entry) {
      case Entry.RunStarted e ->
          new EntryView("run-started", e.at())
              .text("workflow", e.workflow().toString())
              .data("input", e.input())
              .json;
      case Entry.RunEnded e -> ended(e.status(), e);
      case Entry.ControlRequested e ->
          new EntryView("control-requested", e.at())
              .text("control", e.control().name().toLowerCase(Locale.ROOT))
              .text("reason", e.reason())
              .json;
      case Entry.StepStarted e -> new EntryView("step-started", e.at()).key(e.key()).json;
      case Entry.StepCompleted e ->
          new EntryView("step-completed", e.at())
              .key(e.key())
              .attempts(e.attempts(), e.startedAt())
              .data("output", e.output())
              .json;
      case Entry.StepFailed e ->
          new EntryView("step-failed", e.at())
              .key(e.key())
              .attempts(e.attempts(), e.startedAt())
              .error(e.failure())
              .json;
      case Entry.AttemptFailed e ->
          new EntryView("attempt-failed", e.at())
              .key(e.key())
              .number("attempt", e.attempt())
              .text("nextAt", e.nextAt().toString())
              .error(e.failure())
              .json;
      case Entry.TimerSet e ->
          new EntryView("timer-set", e.at()).key(e.key()).text("due", e.due().toString()).json;
      case Entry.TimerFired e -> new EntryView("timer-fired", e.at()).key(e.key()).json;
      case Entry.EventTaken e ->
          new EntryView("event-taken", e.at()).key(e.key()).number("event", e.event()).json;
      case Entry.ChildStarted e ->
          new EntryView("child-started", e.at())
              .key(e.key())
              .text("child", RunNumbers.id(e.child()))
              .json;
      case Entry.ScopeClosed e ->
          new EntryView("scope-closed", e.at())
              .key(e.key())
              .text("closing", e.closing().name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .number("branch", e.branch())
              .json;
      case Entry.CheckpointSaved e ->
          new EntryView("checkpoint-saved", e.at()).number("ordinal", e.ordinal()).json;
      case Entry.TaskStarted e ->
          new EntryView("task-started", e.at()).key(e.key()).data("input", e.input()).json;
      case Entry.TaskEnded e ->
          new EntryView("task-ended", e.at())
              .key(e.key())
              .text("status", e.status().name().toLowerCase(Locale.ROOT))
              .text("startedAt", e.startedAt().toString())
              .data("input", e.input())
              .data("output", e.output())
              .error(e.failure())
              .json;
      case Entry.RunReopened e ->
          new EntryView("run-reopened", e.at())
              .text("reason", e.reason())
              .number("units", e.units().size())
              .json;
      case Entry.RunForked e ->
          new EntryView("run-forked", e.at())
              .text("from", e.from())
              .key(e.task())
              .data("output", e.output())
              .text("reason", e.reason())
              .json;
      case Entry.RunMoved e ->
          new EntryView("run-moved", e.at())
              .text("from", e.from().toString())
              .text("to", e.to().toString())
              .text("reason", e.reason())
              .json;
    };
  }

  private static ObjectNode ended(RunStatus status, Entry.RunEnded end) {
    return new EntryView("run-ended", end.at())
        .text("status", status.toString())
        .data("output", end.output())
        .error(end.failure())
        .json;
  }

  private EntryView key(StepKey key) {
    return text("key", key.toString());
  }

  private EntryView text(String name, String value) {
    json.put(name, value);
    return this;
  }

  private EntryView number(String name, long value) {
    json.put(name, value);
    return this;
  }

  private EntryView attempts(int attempts, Instant startedAt) {
    return number("attempts", attempts).text("startedAt", startedAt.toString());
  }

  private EntryView data(String name, @Nullable Payload payload) {
    if (payload != null && payload.size() > 0) {
      json.set(name, Views.json(payload));
    }
    return this;
  }

  private EntryView error(@Nullable Failure failure) {
    if (failure != null) {
      json.set("error", Problems.problem(failure).toJson());
    }
    return this;
  }
}
