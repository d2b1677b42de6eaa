package dev.skein.server;

import dev.skein.connectors.resilience.Timeline;
import java.time.Duration;
import java.time.Instant;

/// A time that goes on when a test says so.
final class TurnedTime implements Timeline {
  private Instant now = Instant.parse("2026-06-01T12:00:00Z");

  synchronized void turn(Duration by) {
    now = now.plus(by);
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanos() {
    return Duration.between(Instant.EPOCH, now).toNanos();
  }

  @Override
  public void sleep(Duration time) {
    turn(time);
  }
}
