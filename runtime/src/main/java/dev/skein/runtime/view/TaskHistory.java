package dev.skein.runtime.view;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What became of the time of each task: how long it queued, ran, and waited to be tried again.
/// Used once.
public final class TaskHistory {
  private final Map<TaskKey, List<Segment>> all = new HashMap<>();
  private final Map<TaskKey, Instant> open = new HashMap<>();

  public TaskHistory() {}

  /// A time that a task spent on one thing.
  ///
  /// @param failure how an attempt ended, or what is waited for; null for neither
  public record Segment(Kind kind, Instant startedAt, Instant endedAt, @Nullable Failure failure) {
    public enum Kind {
      QUEUE,
      ATTEMPT,
      WAIT
    }

    ObjectNode toJson() {
      ObjectNode json = Json.NODES.objectNode();
      json.put("kind", kind.name().toLowerCase(Locale.ROOT));
      json.put("startedAt", startedAt.toString());
      json.put("endedAt", endedAt.toString());
      if (failure != null) {
        json.set("error", Problems.problem(failure).toJson());
      }
      return json;
    }
  }

  /// By task, in order; nothing of one that ran once and at once.
  static Map<TaskKey, List<Segment>> of(List<Entry> journal) {
    var history = new TaskHistory();
    journal.forEach(history::add);
    history.all.values().removeIf(segments -> segments.size() < 2);
    return history.all;
  }

  /// What is known so far of a task, in order; a single segment if it ran once and at once.
  public List<Segment> of(TaskKey key) {
    return all.getOrDefault(key, List.of());
  }

  /// The next of the journal.
  public void add(Entry entry) {
    switch (entry) {
      case Entry.TaskStarted e -> begun(TaskKey.of(e.key()), e.at());
      case Entry.StepStarted e -> taken(TaskKey.of(e.key()), e.at());
      case Entry.AttemptFailed e -> {
        TaskKey key = TaskKey.of(e.key());
        ended(key, e.at(), e.failure());
        put(key, Segment.Kind.WAIT, e.at(), e.nextAt(), null);
        open.put(key, e.nextAt());
      }
      case Entry.TaskEnded e -> {
        TaskKey key = TaskKey.of(e.key());
        begun(key, e.startedAt());
        ended(key, e.at(), e.failure());
      }
      default -> {}
    }
  }

  /// The time since an attempt before went by waiting.
  private void begun(TaskKey key, Instant at) {
    List<Segment> before = all.get(key);
    if (open.putIfAbsent(key, at) == null && before != null) {
      put(key, Segment.Kind.WAIT, before.getLast().endedAt(), at, null);
    }
  }

  private void taken(TaskKey key, Instant at) {
    Instant since = open.get(key);
    if (since != null && since.isBefore(at)) {
      put(key, Segment.Kind.QUEUE, since, at, null);
      open.put(key, at);
    }
  }

  private void ended(TaskKey key, Instant at, @Nullable Failure failure) {
    Instant since = open.remove(key);
    if (since != null) {
      put(key, Segment.Kind.ATTEMPT, since, at, failure);
    }
  }

  private void put(
      TaskKey key, Segment.Kind kind, Instant from, Instant to, @Nullable Failure failure) {
    all.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Segment(kind, from, to, failure));
  }
}
