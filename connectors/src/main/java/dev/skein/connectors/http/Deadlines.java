package dev.skein.connectors.http;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Cuts connections whose time is over: a peer that keeps sending, or does not read, lets no
/// timeout of the socket pass. One thread serves all calls.
final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  Deadlines() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("skein-deadlines").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /// Cuts the connection then; cancel it when the exchange is over.
  Future<?> cut(Connection connection, Duration after) {
    return at(after, connection::cut);
  }

  /// Does it then; it must not block.
  Future<?> at(Duration after, Runnable action) {
    return timer.schedule(action, after.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
