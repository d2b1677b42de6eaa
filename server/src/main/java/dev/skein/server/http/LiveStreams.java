package dev.skein.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event streams that are open: so many at the most, none to a client that takes nothing, and
/// none for longer than whoever has opened it may. Thread-safe.
final class LiveStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
  private static final int MOST = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<EventStream, BooleanSupplier> open = new ConcurrentHashMap<>();

  /// One thread for each of the two: who may hear is asked of the store, which may take its time.
  private final ScheduledExecutorService watching =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().daemon().name("skein-streams-", 0).factory());

  private volatile boolean closed;

  LiveStreams() {
    var _ = watching.scheduleWithFixedDelay(this::dropSlow, 1, 1, TimeUnit.SECONDS);
    var _ = watching.scheduleWithFixedDelay(this::dismissForbidden, 1, 1, TimeUnit.SECONDS);
  }

  private void dropSlow() {
    open.keySet().forEach(stream -> stream.dropIfSlow(PATIENCE));
  }

  private void dismissForbidden() {
    open.forEach((stream, permitted) -> {
      if (!mayGoOn(permitted)) {
        stream.dismiss();
      }
    });
  }

  private static boolean mayGoOn(BooleanSupplier permitted) {
    try {
      return permitted.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.debug("whether events may still be told cannot be found out", e);
      return true; // what there is to tell lies in the store that cannot be asked
    }
  }

  /// @throws Refusal 503 if there are too many
  void refuseMore() {
    if (closed || open.size() >= MOST) {
      throw Refusal.of(
          503, "too-many-streams", "%d streams of events are open".formatted(open.size()));
    }
  }

  void run(EventStream stream, Answer.Body.Live live) throws InterruptedException {
    open.put(stream, live.permitted());
    try {
      if (closed) {
        stream.close();
      }
      stream.begin();
      live.events().send(stream);
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
    open.keySet().forEach(EventStream::close);
  }
}
