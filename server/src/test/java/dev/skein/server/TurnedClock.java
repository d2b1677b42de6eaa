package dev.skein.server;

import dev.skein.kernel.Clock;
import dev.skein.kernel.SystemClock;
import java.time.Duration;
import java.time.Instant;

/// The system's clock, put forward when a test says so.
final class TurnedClock implements Clock {
  private final SystemClock system = new SystemClock();
  private volatile Duration ahead = Duration.ZERO;

  void turn(Duration by) {
    ahead = ahead.plus(by);
  }

  @Override
  public Instant now() {
    return system.now().plus(ahead);
  }

  @Override
  public Alarm at(Instant due, Runnable action) {
    return system.at(due.minus(ahead), action);
  }

  @Override
  public void close() {
    system.close();
  }
}
