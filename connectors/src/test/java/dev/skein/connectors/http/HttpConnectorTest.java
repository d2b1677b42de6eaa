package dev.skein.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.connectors.http.HttpCall.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HttpConnectorTest {
  private final HttpConnector connector = new HttpConnector();

  @AfterEach
  void close() {
    connector.close();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static HttpCall post(EchoServer server, String body) {
    return HttpCall.of("POST", server.uri("/")).withBody(json(body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/vnd.pets+json; charset=utf-8"})
  void contentOfAJsonAnswerIsJson(String type) throws Exception {
    try (var server = EchoServer.answering(200, type, "{\"id\": 1}")) {
      assertThat(connector.send(HttpCall.of("GET", server.uri("/"))))
          .isEqualTo(json("{\"id\": 1}"));
    }
  }

  @Test
  void contentOfATextAnswerIsAStringInItsCharset() throws Exception {
    byte[] body = "größe".getBytes(StandardCharsets.ISO_8859_1);
    var type = Map.of("Content-Type", "text/plain; charset=ISO-8859-1");
    try (var server = new EchoServer(200, type, body)) {
      assertThat(connector.send(HttpCall.of("GET", server.uri("/"))).asString()).isEqualTo("größe");
    }
  }

  @Test
  void contentOfAnEmptyAnswerIsNull() throws Exception {
    try (var server = EchoServer.answering(204, "application/json", "")) {
      assertThat(connector.send(HttpCall.of("DELETE", server.uri("/"))).isNull()).isTrue();
    }
  }

  @Test
  void contentOfAnUnknownTypeIsTextIfItIsValidUtf8AndElseBase64() throws Exception {
    var type = Map.of("Content-Type", "application/x-thing");
    try (var text = EchoServer.answering(200, "application/x-thing", "plain");
        var bytes = new EchoServer(200, type, new byte[] {(byte) 0xff, 0, 1})) {
      assertThat(connector.send(HttpCall.of("GET", text.uri("/"))).asString()).isEqualTo("plain");
      assertThat(connector.send(HttpCall.of("GET", bytes.uri("/"))).asString()).isEqualTo("/wAB");
    }
  }

  @Test
  void rawIsTheBodyAsBase64() throws Exception {
    try (var server = EchoServer.answering(200, "application/json", "{}")) {
      var call = HttpCall.of("GET", server.uri("/")).withOutput(Output.RAW);
      assertThat(connector.send(call).asString()).isEqualTo("e30=");
    }
  }

  @Test
  void responseDescribesRequestAndAnswerWithoutTheSecretsSent() throws Exception {
    try (var server = EchoServer.answering(201, "application/json", "[1]")) {
      var call =
          HttpCall.of("get", server.uri("/pets?a=1"))
              .withHeaders(Map.of("X-Api-Key", "k", "X-Trace", "t"))
              .withCredentials(new Credentials.Bearer("secret-token"))
              .withOutput(Output.RESPONSE);
      JsonNode response = connector.send(call);
      assertThat(response.at("/statusCode").asInt()).isEqualTo(201);
      assertThat(response.at("/content")).isEqualTo(json("[1]"));
      assertThat(response.at("/headers/Content-Type").asString()).isEqualTo("application/json");
      assertThat(response.at("/request/method").asString()).isEqualTo("get");
      assertThat(response.at("/request/uri").asString()).isEqualTo(server.uri("/pets?a=1") + "");
      assertThat(response.at("/request/headers/X-Trace").asString()).isEqualTo("t");
      assertThat(response.at("/request/headers/X-Api-Key").asString()).isEqualTo("***");
      assertThat(response.at("/request/headers/Authorization").asString()).isEqualTo("***");
      assertThat(server.seen.getFirst().header("Authorization")).isEqualTo("Bearer secret-token");
    }
  }

  @Test
  void objectsGoOutAsJsonAndStringsAsText() throws Exception {
    try (var server = EchoServer.answering(200, "text/plain", "ok")) {
      connector.send(post(server, "{\"a\": [1, null]}"));
      connector.send(post(server, "\"hällo\""));
      assertThat(server.seen)
          .extracting(EchoServer.Seen::body)
          .containsExactly("{\"a\":[1,null]}", "hällo");
      assertThat(server.seen)
          .extracting(it -> it.header("Content-Type"))
          .containsExactly("application/json", "text/plain; charset=utf-8");
    }
  }

  @Test
  void aFormIsEncodedFieldByField() throws Exception {
    try (var server = EchoServer.answering(200, "text/plain", "ok")) {
      connector.send(
          post(server, "{\"a b\": \"1&2\", \"c\": [3, true], \"d\": null}")
              .withHeaders(Map.of("content-type", "application/x-www-form-urlencoded")));
      assertThat(server.seen.getFirst().body()).isEqualTo("a+b=1%262&c=3&c=true&d=");
    }
  }

  @Test
  void theCallersHeadersWinWhateverTheirCase() throws Exception {
    try (var server = EchoServer.answering(200, "text/plain", "ok")) {
      connector.send(
          post(server, "{}")
              .withHeaders(
                  Map.of(
                      "content-type", "application/merge-patch+json",
                      "AUTHORIZATION", "Custom x",
                      "host", "pets.example",
                      "content-length", "999"))
              .withCredentials(new Credentials.Basic("u", "p")));
      EchoServer.Seen seen = server.seen.getFirst();
      assertThat(seen.headers().get("Content-type"))
          .containsExactly("application/merge-patch+json");
      assertThat(seen.headers().get("Authorization")).containsExactly("Custom x");
      assertThat(seen.headers().get("Host")).containsExactly("pets.example");
      assertThat(seen.headers().get("Content-length")).containsExactly("2");
    }
  }

  @Test
  void basicCredentialsAreSentAsUtf8() throws Exception {
    try (var server = EchoServer.answering(200, "text/plain", "ok")) {
      connector.send(
          HttpCall.of("GET", server.uri("/"))
              .withCredentials(new Credentials.Basic("josé", "pä:ss")));
      assertThat(server.seen.getFirst().header("Authorization"))
          .isEqualTo("Basic am9zw6k6cMOkOnNz");
    }
  }

  @Test
  void queryParametersAreEncodedAndFollowThoseOfTheUri() throws Exception {
    try (var server = EchoServer.answering(200, "text/plain", "ok")) {
      Map<String, List<String>> query = new LinkedHashMap<>();
      query.put("tag", List.of("a b", "c&d=e"));
      query.put("ü", List.of("+"));
      connector.send(
          HttpCall.of("GET", server.uri("/x%2Fy//z;v=1?z=1&flag&a=%20+")).withQuery(query));
      assertThat(server.seen.getFirst().uri())
          .hasToString("/x%2Fy//z;v=1?z=1&flag&a=%20+&tag=a%20b&tag=c%26d%3De&%C3%BC=%2B");
    }
  }

  @Test
  void aFragmentIsNotSent() throws Exception {
    try (var server = EchoServer.answering(200, "text/plain", "ok")) {
      connector.send(HttpCall.of("GET", server.uri("/a#part")));
      assertThat(server.seen.getFirst().uri()).hasToString("/a");
    }
  }

  @Test
  void ipv6LiteralsAreReachedAndNamedInBrackets() throws Exception {
    assertThat(Origin.of(URI.create("http://[::1]:8080/")))
        .isEqualTo(new Origin(false, "::1", 8080));
    assertThat(new Origin(false, "::1", 8080).authority()).isEqualTo("[::1]:8080");
    assertThat(Origin.of(URI.create("https://my_service/")).authority()).isEqualTo("my_service");
  }

  @Test
  void aHeadAnswerHasNoContentAndLeavesTheConnectionUsable() throws Exception {
    try (var server =
        new RawServer(peer -> {
          while (peer.readRequest().startsWith("HEAD")) {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
          }
        })) {
      assertThat(connector.send(HttpCall.of("HEAD", server.uri())).isNull()).isTrue();
      assertThat(connector.send(HttpCall.of("HEAD", server.uri())).isNull()).isTrue();
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void aChunkedAnswerIsReadWhole() throws Exception {
    try (var server =
        new RawServer(peer -> {
          while (!peer.readRequest().isEmpty()) {
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            peer.write("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
          }
        })) {
      assertThat(connector.send(HttpCall.of("GET", server.uri())).asString()).isEqualTo("abcde");
      assertThat(connector.send(HttpCall.of("GET", server.uri())).asString()).isEqualTo("abcde");
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void anAnswerWithoutLengthEndsWithTheConnection() throws Exception {
    try (var server =
        new RawServer(peer -> {
          peer.readRequest();
          peer.write("HTTP/1.0 200 OK\r\n\r\nold");
        })) {
      assertThat(connector.send(HttpCall.of("GET", server.uri())).asString()).isEqualTo("old");
      assertThat(connector.send(HttpCall.of("GET", server.uri())).asString()).isEqualTo("old");
      assertThat(server.connections).hasValue(2);
    }
  }

  @Test
  void aGzippedAnswerIsUnpacked() throws Exception {
    byte[] packed = gzipped("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    var headers = Map.of("Content-Type", "application/json", "Content-Encoding", "gzip");
    try (var server = new EchoServer(200, headers, packed)) {
      assertThat(connector.send(HttpCall.of("GET", server.uri("/")))).isEqualTo(json("{\"a\":1}"));
    }
  }

  @Test
  void anAnswerThatUnpacksToMoreThanTheLimitIsAnError() throws Exception {
    byte[] bomb = gzipped(new byte[17 * 1024 * 1024]);
    try (var server = new EchoServer(200, Map.of("Content-Encoding", "gzip"), bomb)) {
      assertThatThrownBy(() -> connector.send(HttpCall.of("GET", server.uri("/"))))
          .isInstanceOf(HttpCallException.class)
          .hasMessageContaining("larger than 16777216 bytes unpacked");
    }
  }

  @Test
  void aLargeBodyGoesThroughBothWays() throws Exception {
    String large = "x".repeat(3_000_000);
    try (var server = EchoServer.answering(200, "text/plain", large)) {
      JsonNode sent = JsonMapper.shared().valueToTree(large);
      JsonNode got =
          connector.send(
              HttpCall.of("PUT", server.uri("/"))
                  .withBody(sent)
                  .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(20)));
      assertThat(got.asString()).hasSize(3_000_000);
      assertThat(server.seen.getFirst().body()).hasSize(3_000_000);
    }
  }

  @Test
  void nothingShowsTheSecretsOfACall() {
    var call =
        HttpCall.of("GET", URI.create("http://h/p?token=s3cret"))
            .withHeaders(Map.of("Authorization", "s3cret", "x-auth-token", "s3cret"))
            .withCredentials(new Credentials.Basic("user", "s3cret"));
    assertThat(call.toString()).contains("user").doesNotContain("s3cret");
    assertThat(new Credentials.Bearer("s3cret").toString()).doesNotContain("s3cret");
  }

  private static byte[] gzipped(byte[] bytes) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(Arrays.copyOf(bytes, bytes.length));
    }
    return packed.toByteArray();
  }
}
