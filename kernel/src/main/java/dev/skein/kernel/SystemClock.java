package dev.skein.kernel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The clock of the machine, or another that goes as fast. One daemon thread runs the alarms.
public final class SystemClock implements Clock {
  private final ScheduledThreadPoolExecutor alarms =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("skein-alarms").factory());

  private final InstantSource source;

  public SystemClock() {
    this(InstantSource.system());
  }

  public SystemClock(InstantSource source) {
    this.source = source;
    alarms.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant now() {
    return source.instant();
  }

  @Override
  public Alarm at(Instant due, Runnable action) {
    long delay = Math.max(0, Duration.between(now(), due).toNanos());
    var alarm = alarms.schedule(action, delay, TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }

  @Override
  public void close() {
    alarms.shutdownNow();
  }
}
