package dev.skein.runtime.view;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.RunNumbers;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an entry of a journal says to people, in one line. It shows no data of the run.
///
/// @param kind that of the entry, as [EntryView] names it
/// @param key of the step, timer, event or task; null if it is about the run
/// @param task its name; null if it is about the run
/// @param iteration `3`, or `3#0` inside two loops; null outside loops
/// @param text how the sentence goes on that begins with the task or with the run
public record LogLine(
    Instant at,
    Level level,
    String kind,
    @Nullable String key,
    @Nullable String task,
    @Nullable String iteration,
    String text) {
  /// The place of a task in a list, and its name: the last in a key is what the key belongs to.
  private static final Pattern TASK = Pattern.compile("/\\d+/([^/]+)");

  /// That the flow came to a task for the nth time.
  private static final Pattern VISIT = Pattern.compile("~([2-9]|\\d{2,})$");

  /// The number of an iteration comes between a loop and what it does.
  private static final Pattern ITERATION = Pattern.compile("/\\d+/[^/]+/(\\d+)(?=/do/\\d+/)");

  private static final long SECOND_MILLIS = 1_000;
  private static final long MINUTE_MILLIS = 60_000;

  /// How much it matters.
  public enum Level {
    INFO,
    /// Something went wrong that may come right, or was stopped.
    WARN,
    /// Something failed for good.
    ERROR
  }

  /// Null for what only replay needs, and for steps whose task tells the same.
  public static @Nullable LogLine of(Entry entry) {
    return switch (entry) {
      case Entry.RunStarted e -> run(e, "run-started", "started: " + e.workflow());
      case Entry.RunEnded e -> ended(e);
      case Entry.ControlRequested e -> {
        String asked = e.control().name().toLowerCase(Locale.ROOT);
        yield run(e, Level.WARN, "control-requested", "was asked to " + asked + of(e.reason()));
      }
      case Entry.StepStarted e ->
          isOfTask(e.key()) ? null : step(e, e.key(), "step-started", "began");
      case Entry.StepCompleted e -> completed(e);
      case Entry.StepFailed e -> failed(e);
      case Entry.AttemptFailed e ->
          step(
              e,
              Level.WARN,
              e.key(),
              "attempt-failed",
              "failed at attempt %d%s; the next is due %s"
                  .formatted(e.attempt(), of(e.failure()), e.nextAt()));
      case Entry.TimerSet e -> step(e, e.key(), "timer-set", purpose(e.key()) + " " + e.due());
      case Entry.TimerFired e -> step(e, e.key(), "timer-fired", "has waited");
      case Entry.EventTaken e -> step(e, e.key(), "event-taken", "took event " + e.event());
      case Entry.ChildStarted e ->
          step(e, e.key(), "child-started", "started run " + RunNumbers.id(e.child()));
      case Entry.ScopeClosed e -> closed(e);
      case Entry.CheckpointSaved _ -> null;
      case Entry.TaskStarted e -> task(e, Level.INFO, e.key(), "task-started", "began");
      case Entry.TaskEnded e -> ended(e);
      case Entry.RunReopened e -> run(e, "run-reopened", "is retried" + of(e.reason()));
      case Entry.RunForked e ->
          run(
              e,
              "run-forked",
              "is a fork of run %s, from the end of %s on%s"
                  .formatted(e.from(), TaskKey.of(e.task()).task(), of(e.reason())));
      case Entry.RunMoved e ->
          run(e, "run-moved", "moved from %s to %s%s".formatted(e.from(), e.to(), of(e.reason())));
    };
  }

  private static LogLine ended(Entry.RunEnded e) {
    Level level =
        switch (e.status()) {
          case FAULTED -> Level.ERROR;
          case CANCELLED -> Level.WARN;
          case PENDING, RUNNING, WAITING, SUSPENDED, COMPLETED -> Level.INFO;
        };
    return run(e, level, "run-ended", "ended: " + e.status() + of(e.failure()));
  }

  private static LogLine ended(Entry.TaskEnded e) {
    Level level =
        switch (e.status()) {
          case FAULTED -> Level.ERROR;
          case CANCELLED -> Level.WARN;
          case COMPLETED, SKIPPED -> Level.INFO;
        };
    String how =
        switch (e.status()) {
          case COMPLETED -> "ended";
          case SKIPPED -> "was skipped";
          case FAULTED -> "faulted";
          case CANCELLED -> "was cancelled";
        };
    String took = e.status() == Entry.TaskStatus.SKIPPED ? "" : after(e.startedAt(), e.at());
    return task(e, level, e.key(), "task-ended", how + took + of(e.failure()));
  }

  private static @Nullable LogLine completed(Entry.StepCompleted e) {
    if (isOfTask(e.key()) && e.attempts() == 1) {
      return null;
    }
    String tries = e.attempts() == 1 ? "" : " at attempt " + e.attempts();
    return step(e, e.key(), "step-completed", "is done" + tries + after(e.startedAt(), e.at()));
  }

  private static @Nullable LogLine failed(Entry.StepFailed e) {
    String tries = e.attempts() == 1 ? "" : " after " + e.attempts() + " attempts";
    if (!isOfTask(e.key())) {
      return step(e, Level.ERROR, e.key(), "step-failed", "failed" + tries + of(e.failure()));
    }
    return tries.isEmpty()
        ? null
        : step(e, Level.WARN, e.key(), "step-failed", "gave up" + tries); // the task's end says why
  }

  private static LogLine closed(Entry.ScopeClosed e) {
    String others = "stopped its other branches: branch " + e.branch();
    return switch (e.closing()) {
      case WON -> step(e, e.key(), "scope-closed", others + " has won");
      case FAILED -> step(e, Level.WARN, e.key(), "scope-closed", others + " has failed");
      case TIMED_OUT -> step(e, Level.WARN, e.key(), "scope-closed", "has no more time");
    };
  }

  /// Steps of tasks are named by the task's reference, a JSON pointer; those of Java by a name.
  private static boolean isOfTask(StepKey key) {
    return key.name().startsWith("/");
  }

  private static LogLine run(Entry entry, String kind, String text) {
    return run(entry, Level.INFO, kind, text);
  }

  private static LogLine run(Entry entry, Level level, String kind, String text) {
    return new LogLine(entry.at(), level, kind, null, null, null, text);
  }

  private static LogLine step(Entry entry, StepKey key, String kind, String text) {
    return step(entry, Level.INFO, key, kind, text);
  }

  private static LogLine step(Entry entry, Level level, StepKey key, String kind, String text) {
    String path = StepKey.join(key.scope(), key.name());
    String name =
        TASK.matcher(path)
            .results()
            .reduce((_, last) -> last)
            .map(last -> VISIT.matcher(last.group(1)).replaceFirst(""))
            .orElse(path.substring(path.lastIndexOf('/') + 1));
    String iteration =
        ITERATION
            .matcher(path)
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.joining("#"));
    return new LogLine(
        entry.at(),
        level,
        kind,
        key.toString(),
        name,
        iteration.isEmpty() ? null : iteration,
        text);
  }

  private static LogLine task(Entry entry, Level level, StepKey key, String kind, String text) {
    TaskKey task = TaskKey.of(key);
    return new LogLine(
        entry.at(), level, kind, key.toString(), task.task(), task.iteration(), text);
  }

  private static String purpose(StepKey key) {
    return switch (key.name().substring(key.name().lastIndexOf('/') + 1)) {
      case "timeout" -> "has time until";
      case "retry" -> "is tried again";
      default -> "waits until";
    };
  }

  private static String of(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }

  private static String of(@Nullable Failure failure) {
    return failure == null ? "" : ": " + failure.message();
  }

  private static String after(Instant from, Instant to) {
    return " after " + span(Duration.between(from, to));
  }

  /// `12 ms`, `1.5 s`, `1h2m3s`
  private static String span(Duration time) {
    long millis = time.toMillis();
    if (millis < SECOND_MILLIS) {
      return millis + " ms";
    }
    return millis < MINUTE_MILLIS
        ? String.format(Locale.ROOT, "%.1f s", millis / (double) SECOND_MILLIS)
        : Duration.ofSeconds(time.toSeconds()).toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /// `{at, level, kind, key?, task?, iteration?, text}`
  public ObjectNode toJson() {
    ObjectNode json = Json.NODES.objectNode();
    json.put("at", at.toString()).put("level", level.name()).put("kind", kind);
    if (key != null) {
      json.put("key", key);
    }
    if (task != null) {
      json.put("task", task);
    }
    if (iteration != null) {
      json.put("iteration", iteration);
    }
    return json.put("text", text);
  }

  /// The line that [#toJson] has written.
  public static LogLine of(JsonNode json) {
    return new LogLine(
        Instant.parse(json.path("at").asString()),
        Level.valueOf(json.path("level").asString()),
        json.path("kind").asString(),
        json.path("key").asString(null),
        json.path("task").asString(null),
        json.path("iteration").asString(null),
        json.path("text").asString());
  }
}
