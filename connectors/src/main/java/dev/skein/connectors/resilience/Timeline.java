package dev.skein.connectors.resilience;

import java.time.Duration;
import java.time.Instant;

/// Time as calls see it: tests turn it by hand.
public interface Timeline {
  Instant now();

  /// Nanoseconds from a point of its own, never going back.
  long nanos();

  void sleep(Duration time) throws InterruptedException;

  /// The system's.
  static Timeline system() {
    return new Timeline() {
      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
      }
    };
  }
}
