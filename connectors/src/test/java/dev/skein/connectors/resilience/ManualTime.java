package dev.skein.connectors.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Time that passes only when somebody sleeps or a test says so.
public final class ManualTime implements Timeline {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  public final List<Duration> slept = new ArrayList<>();
  private long nanos;

  @Override
  public synchronized Instant now() {
    return BEGIN.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized void sleep(Duration time) {
    slept.add(time);
    nanos += time.toNanos();
  }

  public synchronized void pass(Duration time) {
    nanos += time.toNanos();
  }

  public synchronized Duration since() {
    return Duration.ofNanos(nanos);
  }
}
