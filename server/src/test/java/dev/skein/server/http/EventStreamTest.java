package dev.skein.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final int PATIENCE_SECONDS = 20;

  /// A client that takes nothing, until somebody cuts it off.
  static final class Stuck extends OutputStream {
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public void write(int b) throws IOException {
      writing.countDown();
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException("cut off");
      }
    }
  }

  @Test
  void aClientThatTakesNothingIsCutOff() throws Exception {
    var stuck = new Stuck();
    var made = new CompletableFuture<EventStream>();
    var ended = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(() -> {
          var stream = new EventStream(stuck);
          made.complete(stream);
          try {
            stream.send("task", "1", Json.NODES.objectNode());
          } catch (UncheckedIOException e) {
            ended.complete(e);
          }
        });
    EventStream stream = made.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(stuck.writing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    stream.dropIfSlow(Duration.ofHours(1));
    assertThat(ended).isNotDone();
    stream.dropIfSlow(Duration.ZERO);
    assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("cut off");
  }

  @Test
  void aClientThatMayHearNoMoreIsToldNothingButThat() throws Exception {
    var out = new ByteArrayOutputStream();
    var stream = new EventStream(out);
    stream.dismiss();
    stream.send("run", "2.0", Json.NODES.objectNode());
    assertThat(stream.await()).isFalse();
    stream.end();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("event: unauthorized\ndata: {}\n\n");
  }

  @Test
  void ringingNeverWaitsAndIsHeardOnce() throws Exception {
    var out = new ByteArrayOutputStream();
    var stream = new EventStream(out);
    for (int i = 0; i < 100; i++) {
      stream.ring();
    }
    assertThat(stream.await()).isTrue();
    stream.send("run", "2.0", Json.NODES.objectNode().put("status", "running"));
    stream.close();
    assertThat(stream.await()).isFalse();
    stream.end();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            event: run
            id: 2.0
            data: {"status":"running"}

            event: reconnect
            data: {}

            """);
  }
}
