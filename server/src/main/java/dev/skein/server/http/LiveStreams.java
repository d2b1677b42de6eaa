package dev.skein.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The event streams that are open: so many at the most, and none to a client that takes nothing.
/// Thread-safe.
final class LiveStreams implements AutoCloseable {
  private static final int MOST = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watching =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("skein-streams").factory());
  private volatile boolean closed;

  LiveStreams() {
    var _ = watching.scheduleWithFixedDelay(this::dropSlow, 1, 1, TimeUnit.SECONDS);
  }

  private void dropSlow() {
    open.forEach(stream -> stream.dropIfSlow(PATIENCE));
  }

  /// @throws Refusal 503 if there are too many
  void refuseMore() {
    if (closed || open.size() >= MOST) {
      throw Refusal.of(
          503, "too-many-streams", "%d streams of events are open".formatted(open.size()));
    }
  }

  void run(EventStream stream, Answer.Events events) throws InterruptedException {
    open.add(stream);
    try {
      if (closed) {
        stream.close();
      }
      stream.begin();
      events.send(stream);
      stream.end();
    } finally {
      open.remove(stream);
    }
  }

  /// Tells the clients to come back, to whoever serves then.
  @Override
  public void close() {
    closed = true;
    watching.shutdownNow();
    open.forEach(EventStream::close);
  }
}
