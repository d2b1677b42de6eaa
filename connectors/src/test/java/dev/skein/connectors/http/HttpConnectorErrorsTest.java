package dev.skein.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.http.HttpCallException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConnectorErrorsTest {
  private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

  private final HttpConnector connector = new HttpConnector(settings(16 * 1024 * 1024));

  private static HttpConnector.Settings settings(int maxAnswerBytes) {
    return new HttpConnector.Settings(
        InstantSource.fixed(NOW),
        HttpConnector.Settings.defaults().tls(),
        maxAnswerBytes,
        Detour.NONE);
  }

  @AfterEach
  void close() {
    connector.close();
  }

  private HttpCallException failure(HttpCall call) {
    return failure(connector, call);
  }

  private static HttpCallException failure(HttpConnector connector, HttpCall call) {
    return catchThrowableOfType(HttpCallException.class, () -> connector.send(call));
  }

  private HttpCallException failure(int status, Map<String, String> headers, String body)
      throws IOException {
    try (var server = new EchoServer(status, headers, body.getBytes(StandardCharsets.UTF_8))) {
      return failure(HttpCall.of("GET", server.uri("/x?token=s3cret")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, COMMUNICATION, false",
    "401, AUTHENTICATION, false",
    "403, AUTHORIZATION, false",
    "404, COMMUNICATION, false",
    "502, COMMUNICATION, true",
    "503, COMMUNICATION, false",
    "504, COMMUNICATION, true"
  })
  void anErrorStatusHasAKind(int status, Kind kind, boolean outcomeUnknown) throws Exception {
    HttpCallException e = failure(status, Map.of(), "");
    assertThat(e.status()).isEqualTo(status);
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.outcomeUnknown()).isEqualTo(outcomeUnknown);
    assertThat(e.title()).isNotBlank();
    assertThat(e.detail()).contains("/x answered " + status).doesNotContain("s3cret");
    assertThat(e.body()).isNull();
  }

  @Test
  void problemDetailsBecomeTitleAndDetail() throws Exception {
    HttpCallException e =
        failure(
            402,
            Map.of("Content-Type", "application/problem+json"),
            "{\"title\": \"Card declined\", \"detail\": \"Card 0002 was declined\", \"code\": 7}");
    assertThat(e.title()).isEqualTo("Card declined");
    assertThat(e.detail()).isEqualTo("Card 0002 was declined");
    assertThat(e.body()).asString().contains("\"code\":7");
  }

  @Test
  void theDetailIsAShortExcerptOfTheBody() throws Exception {
    HttpCallException e = failure(500, Map.of("Content-Type", "text/html"), "<p>".repeat(10_000));
    assertThat(e.detail()).hasSize(2_000).startsWith("<p>").endsWith("…");
  }

  @Test
  void anErrorWhoseBodyIsNotTheJsonItClaimsIsStillThatError() throws Exception {
    HttpCallException e = failure(500, Map.of("Content-Type", "application/json"), "<oops>");
    assertThat(e.status()).isEqualTo(500);
    assertThat(e.detail()).isEqualTo("<oops>");
  }

  @ParameterizedTest
  @CsvSource({
    "'120', PT2M",
    "'Wed, 01 Jul 2026 12:00:30 GMT', PT30S",
    "'Wed, 01 Jul 2026 11:00:00 GMT', PT0S",
    "'soon', "
  })
  void retryAfterIsSecondsOrADate(String header, Duration expected) throws Exception {
    assertThat(failure(503, Map.of("Retry-After", header), "").retryAfter()).isEqualTo(expected);
  }

  @Test
  void aRedirectIsAnErrorUnlessAllowedAndIsNeverFollowed() throws Exception {
    try (var server = new EchoServer(302, Map.of("Location", "/elsewhere"), new byte[0])) {
      HttpCall call = HttpCall.of("GET", server.uri("/"));
      assertThat(failure(call).status()).isEqualTo(302);
      assertThat(connector.send(call.withRedirect(true)).isNull()).isTrue();
      assertThat(server.seen).hasSize(2);
    }
  }

  @Test
  void notModifiedWithRedirectsAllowedDoesNotWaitForABody() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n");
          peer.awaitClose();
        })) {
      HttpCall call = HttpCall.of("GET", server.uri()).withRedirect(true);
      assertThat(connector.send(call).isNull()).isTrue();
    }
  }

  @Test
  void aRefusedConnectionNamesHostAndPortAndSentNothing() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    HttpCallException e = failure(HttpCall.of("POST", URI.create("http://127.0.0.1:" + port)));
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.status()).isEqualTo(503);
    assertThat(e.outcomeUnknown()).isFalse();
    assertThat(e.detail()).contains("127.0.0.1").contains("port " + port);
  }

  @Test
  void anUnknownHostIsNamedAndSentNothing() {
    HttpCallException e = failure(HttpCall.of("GET", URI.create("http://nowhere.invalid/")));
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.status()).isEqualTo(503);
    assertThat(e.outcomeUnknown()).isFalse();
    assertThat(e.detail()).contains("nowhere.invalid").contains("port 80");
  }

  @Test
  void aFailedTlsHandshakeSentNothing() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.in().read();
          peer.write("this is no TLS\r\n");
        })) {
      URI uri = URI.create("https://127.0.0.1:" + server.port());
      HttpCallException e = failure(HttpCall.of("POST", uri));
      assertThat(e.status()).isEqualTo(503);
      assertThat(e.outcomeUnknown()).isFalse();
      assertThat(e.detail()).contains("TLS").contains("127.0.0.1").contains("" + server.port());
    }
  }

  @Test
  void anAnswerThatIsNotHttpIsACommunicationError() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write("220 mail.example ESMTP\r\n\r\n");
        })) {
      HttpCallException e = failure(HttpCall.of("GET", server.uri()));
      assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
      assertThat(e.title()).isEqualTo("Invalid answer");
      assertThat(e.outcomeUnknown()).isTrue();
    }
  }

  @Test
  void interimAnswersAreSkippedHoweverTheirBytesArrive() throws Exception {
    String answer =
        "HTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
            + RawServer.ok("late");
    try (var whole =
            new RawServer(peer -> {
              for (String request = peer.readRequest(); !request.isEmpty(); ) {
                peer.write(answer);
                request = peer.readRequest();
              }
            });
        var bytewise =
            new RawServer(peer -> {
              peer.socket().setTcpNoDelay(true);
              peer.readRequest();
              for (char c : answer.toCharArray()) {
                peer.write(String.valueOf(c));
              }
            })) {
      assertThat(connector.send(HttpCall.of("POST", whole.uri())).asString()).isEqualTo("late");
      assertThat(connector.send(HttpCall.of("GET", whole.uri())).asString()).isEqualTo("late");
      assertThat(connector.send(HttpCall.of("GET", whole.uri())).asString()).isEqualTo("late");
      assertThat(whole.connections).hasValue(1);
      assertThat(connector.send(HttpCall.of("POST", bytewise.uri())).asString()).isEqualTo("late");
    }
  }

  @Test
  void interimAnswersWithoutEndAreAnError() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          while (true) {
            peer.write("HTTP/1.1 102 Processing\r\n\r\n");
          }
        })) {
      assertThat(failure(HttpCall.of("POST", server.uri())).title()).isEqualTo("Answer too large");
    }
  }

  @Test
  void aSwitchOfProtocolsNobodyAskedForLeavesTheOutcomeUnknown() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write("HTTP/1.1 101 Switching Protocols\r\n\r\n" + RawServer.ok("late"));
          peer.awaitClose();
        })) {
      HttpCallException e = failure(HttpCall.of("POST", server.uri()));
      assertThat(e.detail()).contains("101");
      assertThat(e.outcomeUnknown()).isTrue();
    }
  }

  @Test
  void aSuccessThatIsNotTheJsonItClaimsIsACommunicationError() throws Exception {
    try (var server = EchoServer.answering(200, "application/json", "{oops")) {
      HttpCallException e = failure(HttpCall.of("GET", server.uri("/")));
      assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
      assertThat(e.outcomeUnknown()).isTrue();
    }
  }

  @Test
  void anAnswerLargerThanTheLimitIsARuntimeError() throws Exception {
    try (var small = new HttpConnector(settings(1_000_000));
        var announced = EchoServer.answering(200, "text/plain", "x".repeat(1_000_001));
        var chunked =
            new RawServer(peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n");
              for (int i = 0; i < 10_000; i++) {
                peer.write("x".repeat(10_000));
              }
            })) {
      for (URI uri : new URI[] {announced.uri("/"), chunked.uri()}) {
        HttpCallException e = failure(small, HttpCall.of("GET", uri));
        assertThat(e.kind()).isEqualTo(Kind.RUNTIME);
        assertThat(e.detail()).contains("larger than 1000000 bytes");
      }
    }
  }

  @Test
  void theLimitIsSixteenMebibytes() {
    assertThat(HttpConnector.Settings.defaults().maxAnswerBytes()).isEqualTo(16_777_216);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/relative",
        "ftp://example.com/",
        "http:///path",
        "http://user:s3cret@example.com/",
        "http://example.com:70000/",
        "mailto:x@example.com"
      })
  void aUriThatCantBeCalledIsAConfigurationError(String uri) {
    HttpCallException e = failure(HttpCall.of("GET", URI.create(uri)));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e.status()).isEqualTo(400);
    assertThat(e.detail()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({"X-A, 'a\r\nX-B: b'", "X-A, 'a\nb'", "'X-A: b\r\nX-C', c", "X A, b", "Upgrade, h2c"})
  void aHeaderThatWouldBreakTheRequestIsAConfigurationError(String name, String value) {
    HttpCall call = HttpCall.of("GET", URI.create("http://127.0.0.1:1/"));
    assertThat(failure(call.withHeaders(Map.of(name, value))).kind()).isEqualTo(Kind.CONFIGURATION);
  }

  @Test
  void aMethodOrATokenWithALineBreakIsAConfigurationError() {
    URI uri = URI.create("http://127.0.0.1:1/");
    assertThat(failure(HttpCall.of("GET / HTTP/1.1\r\n", uri)).kind())
        .isEqualTo(Kind.CONFIGURATION);
    HttpCall call = HttpCall.of("GET", uri).withCredentials(new Credentials.Bearer("a\r\nX: b"));
    assertThat(failure(call).kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(failure(call).getMessage()).doesNotContain("X: b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Wed, 01 Jul 2026 12:00:30 GMT",
        "Wednesday, 01-Jul-26 12:00:30 GMT",
        "Wed Jul  1 12:00:30 2026",
        "30"
      })
  void aWaitThatTheServerAsksForIsUnderstoodInAllItsForms(String retryAfter) throws Exception {
    assertThat(failure(503, Map.of("Retry-After", retryAfter), "").retryAfter())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aYearOfTwoDigitsMayHavePassed() throws Exception {
    Map<String, String> past = Map.of("Retry-After", "Sunday, 06-Nov-94 08:49:37 GMT");
    assertThat(failure(503, past, "").retryAfter()).isZero();
  }

  private Reply chunked(String head, String chunks) throws Exception {
    try (var server =
        new RawServer(peer -> peer.write("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n" + chunks))) {
      return connector.reply(HttpCall.of("GET", server.uri()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5;name=value\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0;last\r\n\r\n",
        "0003\r\nhel\r\n2\r\nlo\r\n00\r\nX-Sum: 7\r\n\r\n"
      })
  void whatStandsBesideChunksIsPassedOver(String chunks) throws Exception {
    assertThat(chunked("Transfer-Encoding: chunked", chunks).output().asString())
        .isEqualTo("hello");
  }

  @Test
  void aLengthBesideChunksCountsForNothing() throws Exception {
    String both = "Content-Length: 3\r\nTransfer-Encoding: chunked";
    assertThat(chunked(both, "5\r\nhello\r\n0\r\n\r\n").output().asString()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-5\r\nhello\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nhello",
        "4\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "x\r\nhello"
      })
  void chunksThatAreNoneAreNoAnswer(String chunks) {
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class, () -> chunked("Transfer-Encoding: chunked", chunks));
    assertThat(e.title()).isEqualTo("Invalid answer");
  }

  @Test
  void aTransferCodingThatNobodyAskedForIsNoAnswer() {
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class,
            () -> chunked("Transfer-Encoding: gzip, chunked", "1\r\nx\r\n0\r\n\r\n"));
    assertThat(e.detail()).contains("the transfer coding 'gzip, chunked'");
  }

  @Test
  void aNumberThatIsNoneInJsonIsNoAnswer() throws Exception {
    Map<String, String> json = Map.of("Content-Type", "application/json");
    HttpCallException e = failure(200, json, "{\"a\": [1e999]}");
    assertThat(e.detail()).endsWith("not valid JSON: it has a number that is too large");
  }
}
