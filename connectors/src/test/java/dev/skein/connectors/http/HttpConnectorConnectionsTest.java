package dev.skein.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.RawServer.Script;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpConnectorConnectionsTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final HttpConnector connector = new HttpConnector();

  @AfterEach
  void close() {
    connector.close();
  }

  private HttpCallException failure(HttpCall call) {
    return catchThrowableOfType(HttpCallException.class, () -> connector.send(call));
  }

  /// Answers one request on each connection and closes it when the latch opens.
  private static Script closingAfterOne(CountDownLatch closed) {
    return peer -> {
      peer.readRequest();
      peer.write(RawServer.ok("" + peer.number()));
      peer.socket().close();
      closed.countDown();
    };
  }

  @Test
  void aConnectionIsKeptAlive() throws Exception {
    try (var server = keepingAlive()) {
      for (int i = 0; i < 10; i++) {
        connector.send(HttpCall.of("GET", server.uri()));
      }
      assertThat(server.connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "POST"})
  void aRepeatableRequestSurvivesAKeptConnectionThatTheServerClosed(String method)
      throws Exception {
    var closed = new CountDownLatch(1);
    try (var server = new RawServer(closingAfterOne(closed))) {
      HttpCall call = HttpCall.of(method, server.uri()).withHeaders(Map.of("idempotency-key", "k"));
      assertThat(connector.send(call).asString()).isEqualTo("1");
      closed.await();
      assertThat(connector.send(call).asString()).isEqualTo("2");
    }
  }

  @Test
  void aRequestThatMayNotBeRepeatedGetsANewConnection() throws Exception {
    try (var server = keepingAlive()) {
      HttpCall post = HttpCall.of("POST", server.uri());
      connector.send(post);
      connector.send(post);
      assertThat(server.connections).hasValue(2);
    }
  }

  @Test
  void aConnectionTheServerAnnouncedToCloseIsNotUsedAgain() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1");
          peer.awaitClose();
        })) {
      connector.send(HttpCall.of("GET", server.uri()));
      connector.send(HttpCall.of("GET", server.uri()));
      assertThat(server.connections).hasValue(2);
    }
  }

  @Test
  void bytesAfterAnAnswerNeverBecomeTheNextAnswer() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write(RawServer.ok("good") + RawServer.ok("smuggled"));
          peer.awaitClose();
        })) {
      assertThat(connector.send(HttpCall.of("GET", server.uri())).asString()).isEqualTo("good");
      assertThat(connector.send(HttpCall.of("GET", server.uri())).asString()).isEqualTo("good");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
      })
  void aConnectionLostAfterSendingLeavesTheOutcomeUnknown(String written) throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write(written);
        })) {
      HttpCallException e = failure(HttpCall.of("POST", server.uri()));
      assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
      assertThat(e.status()).isEqualTo(503);
      assertThat(e.outcomeUnknown()).isTrue();
      assertThat(server.connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"})
  void aSilentServerIsATimeoutWithUnknownOutcome(String written) throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write(written);
          peer.awaitClose();
        })) {
      HttpCallException e = failure(HttpCall.of("POST", server.uri()).withTimeouts(LONG, SHORT));
      assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(e.status()).isEqualTo(408);
      assertThat(e.outcomeUnknown()).isTrue();
      assertThat(server.peerClosed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aConnectThatTakesTooLongSentNothing() throws Exception {
    // a listener that accepts nobody, with its queue full, leaves a connect without an answer
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var first = new Socket(full.getInetAddress(), full.getLocalPort());
        var second = new Socket(full.getInetAddress(), full.getLocalPort())) {
      assertThat(first.isConnected() && second.isConnected()).isTrue();
      URI uri = URI.create("http://127.0.0.1:" + full.getLocalPort());
      HttpCallException e = failure(HttpCall.of("POST", uri).withTimeouts(SHORT, LONG));
      assertThat(e.status()).isEqualTo(503);
      assertThat(e.outcomeUnknown()).isFalse();
      assertThat(e.detail()).contains("port " + full.getLocalPort());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptEndsTheCallAtOnceAndClosesTheConnection(boolean virtual) throws Exception {
    for (String written : new String[] {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}) {
      var asked = new CountDownLatch(1);
      try (var server =
          new RawServer(peer -> {
            peer.readRequest();
            peer.write(written);
            asked.countDown();
            peer.awaitClose();
          })) {
        var thrown = new AtomicReference<Throwable>();
        Runnable calling =
            () ->
                thrown.set(catchThrowable(() -> connector.send(HttpCall.of("POST", server.uri()))));
        Thread caller =
            virtual ? Thread.ofVirtual().start(calling) : Thread.ofPlatform().start(calling);
        asked.await();
        long start = System.nanoTime();
        caller.interrupt();
        caller.join();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(server.peerClosed.await(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aConnectAndATlsHandshakeCanBeInterruptedToo() throws Exception {
    var accepted = new CountDownLatch(1);
    try (var server =
        new RawServer(peer -> {
          peer.in().read();
          accepted.countDown();
          peer.awaitClose();
        })) {
      URI uri = URI.create("https://127.0.0.1:" + server.port());
      var thrown = new AtomicReference<Throwable>();
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> thrown.set(catchThrowable(() -> connector.send(HttpCall.of("GET", uri)))));
      accepted.await();
      caller.interrupt();
      caller.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void aCallOnAnInterruptedThreadSendsNothing() throws Exception {
    try (var server = keepingAlive()) {
      Thread.currentThread().interrupt();
      Throwable thrown = catchThrowable(() -> connector.send(HttpCall.of("GET", server.uri())));
      assertThat(thrown).isInstanceOf(InterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      assertThat(server.connections).hasValue(0);
    }
  }

  @Test
  void closingTheConnectorEndsTheCallsUnderWay() throws Exception {
    var asked = new CountDownLatch(1);
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          asked.countDown();
          peer.awaitClose();
        })) {
      var thrown = new AtomicReference<Throwable>();
      Thread caller =
          Thread.ofVirtual().start(() -> thrown.set(failure(HttpCall.of("GET", server.uri()))));
      asked.await();
      connector.close();
      caller.join();
      assertThat(thrown.get()).isInstanceOf(HttpCallException.class);
      assertThat(failure(HttpCall.of("GET", server.uri())).detail()).contains("closed");
    }
  }

  private static RawServer keepingAlive() throws Exception {
    return new RawServer(peer -> {
      while (!peer.readRequest().isEmpty()) {
        peer.write(RawServer.ok("ok"));
      }
    });
  }
}
