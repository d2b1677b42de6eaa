package dev.skein.kernel;

import java.time.Instant;

/// Time as the engine sees it: tests turn it by hand.
public interface Clock extends AutoCloseable {
  Instant now();

  /// Runs `action` once, at `due` or soon after; at once if that has passed. The action must not
  /// block.
  Alarm at(Instant due, Runnable action);

  @Override
  default void close() {}

  /// An action to come.
  interface Alarm {
    void cancel();
  }
}
