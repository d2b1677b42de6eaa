package dev.skein.server.http;

import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Server-sent events on their way to one client. Written by the thread of its request; [#ring] and
/// what closes it may be called by any thread, and never wait for the client.
public final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  /// How long one that may hear no more has for what is on its way to it.
  private static final Duration PARTING = Duration.ofSeconds(2);

  private final OutputStream out;
  private final Thread writer = Thread.currentThread();
  private final Semaphore rung = new Semaphore(0);
  private volatile long writingSince;
  private volatile boolean closing;
  private volatile boolean dismissed;

  EventStream(OutputStream out) {
    this.out = out;
  }

  /// There may be something to send.
  public void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /// Waits until somebody has rung since the last time, and keeps the connection alive meanwhile;
  /// false if it is to end. Returns now and then although nobody has rung.
  public boolean await() throws InterruptedException {
    if (!closing && !rung.tryAcquire(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
      write(": still here\n\n");
    }
    rung.drainPermits();
    return !closing;
  }

  /// @param id by which a client that comes back says how far it got; null to leave that as it is
  public void send(String event, @Nullable String id, JsonNode data) {
    if (dismissed) {
      return;
    }
    String place = id == null ? "" : "id: " + id + "\n";
    write("event: " + event + "\n" + place + "data: " + Json.text(data) + "\n\n");
  }

  private void write(String text) {
    writingSince = System.nanoTime();
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writingSince = 0;
    }
  }

  /// Tells the client that the connection stands.
  void begin() {
    write("retry: " + RECONNECT.toMillis() + "\n\n");
  }

  /// Tells the client why there is no more: it may not hear it, or is to come back since the server
  /// is about to go.
  void end() {
    if (dismissed) {
      write("event: unauthorized\ndata: {}\n\n");
    } else if (closing) {
      write("event: reconnect\ndata: {}\n\n");
    }
  }

  /// Makes it end as soon as nothing is being written.
  void close() {
    closing = true;
    rung.release();
  }

  /// The same for a client that may hear no more: of what there is, nothing is told from now on.
  void dismiss() {
    dismissed = true;
    close();
  }

  /// Cuts the connection of a client that has taken nothing for that long.
  void dropIfSlow(Duration patience) {
    long since = writingSince;
    Duration most = dismissed ? PARTING : patience;
    if (since != 0 && System.nanoTime() - since > most.toNanos()) {
      writer.interrupt(); // closes the socket that it writes to
    }
  }
}
