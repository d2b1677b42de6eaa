package dev.skein.cli;

import dev.skein.kernel.Watcher;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.view.TaskKey;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows a run's tasks as they become durable: a tree that is drawn anew on a terminal, one line
/// for each event elsewhere. Guarded by its own monitor.
abstract sealed class Progress implements Watcher, AutoCloseable {
  private @Nullable String followed;
  private final List<Event> early = new ArrayList<>();

  private record Event(String run, Entry entry) {}

  static Progress none() {
    return new Silent();
  }

  static Progress on(PrintWriter out) {
    return Boolean.getBoolean("skein.terminal") ? new Tree(out) : new Lines(out);
  }

  @Override
  public synchronized void committed(RunRow run, List<Entry> entries) {
    for (Entry entry : entries) {
      if (followed == null) {
        early.add(new Event(run.id(), entry));
      } else if (followed.equals(run.id())) {
        show(entry);
      }
    }
    flush();
  }

  /// Shows this run only, also what has been heard of it so far.
  synchronized void follow(String run) {
    followed = run;
    begin(run);
    for (Event event : early) {
      if (event.run.equals(run)) {
        show(event.entry);
      }
    }
    early.clear();
    flush();
  }

  synchronized void tick() {
    flush();
  }

  abstract void begin(String run);

  abstract void show(Entry entry);

  abstract void flush();

  @Override
  public synchronized void close() {
    flush();
  }

  static String took(Instant from, Instant to) {
    long millis = Duration.between(from, to).toMillis();
    return millis < 1_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
  }

  static String mark(Entry.TaskStatus status) {
    return switch (status) {
      case COMPLETED -> "✓";
      case SKIPPED -> "·";
      case FAULTED -> "✗";
      case CANCELLED -> "−";
    };
  }

  /// Says nothing.
  static final class Silent extends Progress {
    @Override
    void begin(String run) {}

    @Override
    void show(Entry entry) {}

    @Override
    void flush() {}
  }

  /// One line for each event.
  static final class Lines extends Progress {
    private final PrintWriter out;

    Lines(PrintWriter out) {
      this.out = out;
    }

    @Override
    void begin(String run) {
      out.println("run " + run);
    }

    @Override
    void show(Entry entry) {
      switch (entry) {
        case Entry.TaskStarted e -> out.println("  … " + e.key().name());
        case Entry.TaskEnded e ->
            out.println(
                "  %s %s (%s)%s"
                    .formatted(
                        mark(e.status()),
                        e.key().name(),
                        took(e.startedAt(), e.at()),
                        e.failure() == null ? "" : ": " + e.failure().message()));
        case Entry.RunEnded e -> out.println("run ended: " + e.status());
        default -> {} // the rest is the journal's own business
      }
    }

    @Override
    void flush() {
      out.flush();
    }
  }

  /// A tree of tasks with their times, drawn over itself.
  static final class Tree extends Progress {
    private static final int MOST_LINES = 40;

    private final PrintWriter out;
    private final List<TaskKey> order = new ArrayList<>();
    private final Map<TaskKey, String> texts = new HashMap<>();
    private final Map<TaskKey, Instant> running = new HashMap<>();
    private String title = "";
    private int drawn;

    Tree(PrintWriter out) {
      this.out = out;
    }

    @Override
    void begin(String run) {
      title = "run " + run;
    }

    @Override
    void show(Entry entry) {
      switch (entry) {
        case Entry.TaskStarted e -> {
          TaskKey key = TaskKey.of(e.key());
          say(key, label(key));
          running.put(key, e.at());
        }
        case Entry.TaskEnded e -> {
          TaskKey key = TaskKey.of(e.key());
          running.remove(key);
          String failure = e.failure() == null ? "" : "  " + e.failure().message();
          say(
              key,
              "%s %s  %s%s"
                  .formatted(mark(e.status()), label(key), took(e.startedAt(), e.at()), failure));
        }
        case Entry.RunEnded e -> title = title + "  " + e.status();
        default -> {} // the rest is the journal's own business
      }
    }

    private void say(TaskKey key, String text) {
      if (texts.put(key, text) == null) {
        key.addTo(order);
      }
    }

    private static String label(TaskKey key) {
      return key.iteration() == null ? key.task() : key.task() + "#" + key.iteration();
    }

    @Override
    void flush() {
      var lines = new ArrayList<String>();
      lines.add(title);
      for (TaskKey key : order) {
        String indent = "  ".repeat(key.depth());
        Instant since = running.get(key);
        String text = texts.getOrDefault(key, "");
        lines.add(
            indent + (since == null ? text : "◌ " + text + "  " + took(since, Instant.now())));
      }
      int hidden = lines.size() - MOST_LINES;
      if (hidden > 0) {
        lines.subList(1, 1 + hidden).clear();
      }
      var frame = new StringBuilder();
      if (drawn > 0) {
        frame.append("\u001b[").append(drawn).append("A\r\u001b[J");
      }
      lines.forEach(line -> frame.append(line).append('\n'));
      drawn = lines.size();
      out.print(frame);
      out.flush();
    }
  }
}
