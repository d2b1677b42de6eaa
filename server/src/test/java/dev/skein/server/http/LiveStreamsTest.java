package dev.skein.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How long streams of events stay open.
class LiveStreamsTest {
  @Test
  void aClientThatTakesNothingAndMayHearNoMoreIsCutOffSooner() {
    long begun = System.nanoTime();
    try (var streams = new LiveStreams()) {
      var stuck = new EventStream(new EventStreamTest.Stuck());
      var nothing = new Answer.Body.Live(_ -> {}, () -> false);
      assertThatThrownBy(() -> streams.run(stuck, nothing)).hasMessageContaining("cut off");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void oneGoesOnWhileNobodyCanTellWhetherItMayAndEndsWhenSomebodySaysNo() throws Exception {
    var asked = new AtomicInteger();
    Answer.Events events =
        stream -> {
          while (stream.await()) {}
        };
    var out = new ByteArrayOutputStream();
    try (var streams = new LiveStreams()) {
      streams.run(
          new EventStream(out),
          new Answer.Body.Live(
              events,
              () -> {
                if (asked.incrementAndGet() < 3) {
                  throw new IllegalStateException("the store is away");
                }
                return false;
              }));
    }
    assertThat(asked.get()).isGreaterThanOrEqualTo(3);
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("event: unauthorized\ndata: {}\n\n");
  }
}
