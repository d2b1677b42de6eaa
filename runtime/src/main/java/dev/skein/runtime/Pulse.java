package dev.skein.runtime;

import dev.skein.kernel.Watcher;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Counts what happens in each minute of the last hour, in this process. Guarded by its monitor.
public final class Pulse implements Watcher {
  private static final int MINUTES = 60;
  private static final int RUNS = 1_024;

  private final InstantSource clock;
  private final Minute[] minutes = new Minute[MINUTES];

  /// Of the runs that ended last, the newest in the place of the oldest.
  private final Duration[] durations = new Duration[RUNS];

  private int ended;

  public Pulse(InstantSource clock) {
    this.clock = clock;
  }

  /// What happened in one minute.
  public record Counts(
      Instant at, int started, int completed, int faulted, int cancelled, int steps) {}

  private static final class Minute {
    private final long number;
    private int started;
    private int completed;
    private int faulted;
    private int cancelled;
    private int steps;

    Minute(long number) {
      this.number = number;
    }

    Counts counts() {
      Instant at = Instant.EPOCH.plus(Duration.ofMinutes(number));
      return new Counts(at, started, completed, faulted, cancelled, steps);
    }

    void count(Entry entry) {
      switch (entry) {
        case Entry.RunStarted _ -> started++;
        case Entry.StepCompleted _, Entry.StepFailed _ -> steps++;
        case Entry.RunEnded end -> {
          switch (end.status()) {
            case COMPLETED -> completed++;
            case FAULTED -> faulted++;
            default -> cancelled++;
          }
        }
        default -> {}
      }
    }
  }

  @Override
  public synchronized void committed(RunRow run, List<Entry> entries) {
    Minute minute = minute(now());
    for (Entry entry : entries) {
      minute.count(entry);
      if (entry instanceof Entry.RunEnded end) {
        durations[Math.floorMod(ended++, RUNS)] = Duration.between(run.startedAt(), end.at());
      }
    }
  }

  /// The time that so many of a hundred of the last runs did not exceed; null if none has ended.
  public @Nullable Duration took(int percent) {
    List<Duration> sorted = sorted();
    int rank = (sorted.size() * percent + 99) / 100;
    return sorted.isEmpty() ? null : sorted.get(Math.max(0, rank - 1));
  }

  private synchronized List<Duration> sorted() {
    return Arrays.stream(durations).filter(Objects::nonNull).sorted().toList();
  }

  /// The last hour, this minute last.
  public synchronized List<Counts> lastHour() {
    var counts = new ArrayList<Counts>();
    long now = now();
    for (long number = now - MINUTES + 1; number <= now; number++) {
      Minute kept = minutes[index(number)];
      boolean isIt = kept != null && kept.number == number;
      counts.add((isIt ? kept : new Minute(number)).counts());
    }
    return counts;
  }

  private long now() {
    return ChronoUnit.MINUTES.between(Instant.EPOCH, clock.instant());
  }

  private Minute minute(long number) {
    Minute kept = minutes[index(number)];
    if (kept == null || kept.number != number) {
      kept = new Minute(number);
      minutes[index(number)] = kept;
    }
    return kept;
  }

  private static int index(long number) {
    return (int) Math.floorMod(number, (long) MINUTES);
  }
}
