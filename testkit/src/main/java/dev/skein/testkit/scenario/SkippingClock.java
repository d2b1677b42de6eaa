package dev.skein.testkit.scenario;

import dev.skein.kernel.Clock;
import dev.skein.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Time that passes as it does everywhere, and leaps over what is only waited for. A thread of its
/// own lets it pass. Thread-safe.
final class SkippingClock implements Clock {
  private static final Duration TICK = Duration.ofMillis(2);

  private final VirtualClock time;
  private final Thread ticking;
  private volatile boolean closed;

  SkippingClock(Instant begin) {
    this.time = new VirtualClock(begin);
    this.ticking = Thread.ofVirtual().name("skein-test-clock").start(this::tick);
  }

  private void tick() {
    long last = System.nanoTime();
    while (!closed) {
      try {
        Thread.sleep(TICK);
      } catch (InterruptedException e) {
        return;
      }
      long now = System.nanoTime();
      time.advance(Duration.ofNanos(now - last));
      last = now;
    }
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public Alarm at(Instant due, Runnable action) {
    return time.at(due, action);
  }

  /// When something is waited for; null for nothing.
  @Nullable Instant next() {
    return time.next();
  }

  void leapTo(Instant to) {
    time.advanceTo(to);
  }

  @Override
  public void close() {
    closed = true;
    ticking.interrupt();
  }
}
