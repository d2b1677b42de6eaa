package dev.skein.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The database's clock, read now and then and carried on by a counter that nobody sets: so nodes
/// agree on the time whatever their own clocks say. Thread-safe.
final class DatabaseTime implements InstantSource {
  /// An answer that took longer says too little.
  private static final Duration LONGEST_ANSWER = Duration.ofMillis(250);

  private record Reading(Instant at, long nanos) {}

  private volatile Reading last;

  DatabaseTime() {
    this.last = new Reading(Instant.now(), System.nanoTime());
  }

  /// @param asked and `answered` as [System#nanoTime] gives it
  void read(Instant database, long asked, long answered) {
    if (answered - asked < LONGEST_ANSWER.toNanos()) {
      last = new Reading(database.plusNanos((answered - asked) / 2), answered);
    }
  }

  @Override
  public Instant instant() {
    Reading reading = last;
    return reading.at.plusNanos(System.nanoTime() - reading.nanos);
  }
}
