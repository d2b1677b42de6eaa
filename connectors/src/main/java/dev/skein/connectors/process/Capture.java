package dev.skein.connectors.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Reads one stream of a process on a thread of its own. A platform thread, since reading a pipe
/// would hold the carrier of a virtual one. Its own lock guards what has come.
final class Capture {
  private static final int BUFFER_BYTES = 8 * 1024;

  private final InputStream stream;
  private final int limitBytes;
  private final Runnable overflowed;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private final Thread thread;
  private boolean overflow;

  /// @param overflowed called once, on the capture's thread, when more came than may
  Capture(InputStream stream, int limitBytes, Runnable overflowed) {
    this.stream = stream;
    this.limitBytes = limitBytes;
    this.overflowed = overflowed;
    this.thread = Thread.ofPlatform().daemon().name("skein-process-output").start(this::read);
  }

  /// All that came, as UTF-8. Waits for the end of the stream, but not for ever: a process that
  /// left its session may hold it open.
  String text(Duration patience) throws InterruptedException {
    thread.join(patience);
    synchronized (this) {
      return content.toString(StandardCharsets.UTF_8);
    }
  }

  synchronized boolean overflow() {
    return overflow;
  }

  private void read() {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (stream) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        if (!add(buffer, count)) {
          overflowed.run();
          return;
        }
      }
    } catch (IOException e) {
      // the stream is closed when its process is killed
    }
  }

  private synchronized boolean add(byte[] bytes, int count) {
    if (content.size() + count > limitBytes) {
      overflow = true;
      return false;
    }
    content.write(bytes, 0, count);
    return true;
  }
}
