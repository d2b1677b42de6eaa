package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.interpreter.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What HTTP itself promises, whatever the route.
class TransportTest {
  private static final String GREET =
      """
      document: {dsl: 1.0.3, namespace: shop, name: greet, version: 1.0.0}
      do: [{greet: {set: {greeting: '%s'}}}]
      """
          .formatted("Hello ".repeat(400));

  private static final String ONE = "/api/v1/definitions/shop/greet/1.0.0";

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(data);
    served.deploy(GREET);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private HttpResponse<byte[]> bytes(String method, String path, byte[] body, String... headers)
      throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(served.server.url() + path))
              .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  @Test
  void everyAnswerForbidsGuessedTypesAndForeignFrames() throws Exception {
    for (String path : new String[] {ONE, "/api/v1/nothing", "/api/v1/runs/none", "/"}) {
      var headers = bytes("GET", path, new byte[0]).headers();
      assertThat(headers.allValues("X-Content-Type-Options")).as(path).containsExactly("nosniff");
      assertThat(headers.allValues("Content-Security-Policy"))
          .as(path)
          .singleElement()
          .asString()
          .contains("frame-ancestors 'none'");
    }
  }

  private static byte[] zipped(byte[] plain) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  @Test
  void packsLargeAnswersForThoseWhoCanUnpackThem() throws Exception {
    String plain = served.get(ONE).body();
    var packed = bytes("GET", ONE, new byte[0], "Accept-Encoding", "br, gzip;q=0.5");
    assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(packed.headers().firstValue("Vary").orElse("")).contains("Accept-Encoding");
    assertThat(packed.body().length).isLessThan(plain.length() / 4);
    var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
    assertThat(new String(unpacked, StandardCharsets.UTF_8)).isEqualTo(plain);
    var refused = bytes("GET", ONE, new byte[0], "Accept-Encoding", "gzip;q=0");
    assertThat(refused.headers().firstValue("Content-Encoding")).isEmpty();
    var small = bytes("GET", "/health/live", new byte[0], "Accept-Encoding", "gzip");
    assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void takesPackedBodiesUpToTheSizeTheyUnpackTo() throws Exception {
    byte[] other = GREET.replace("1.0.0", "1.0.1").getBytes(StandardCharsets.UTF_8);
    var taken = bytes("POST", "/api/v1/definitions", zipped(other), "Content-Encoding", "gzip");
    assertThat(taken.statusCode())
        .as(new String(taken.body(), StandardCharsets.UTF_8))
        .isEqualTo(201);
    byte[] bomb = zipped(new byte[64 * 1024 * 1024]);
    assertThat(bomb.length).isLessThan(1024 * 1024);
    var large = bytes("POST", "/api/v1/definitions", bomb, "Content-Encoding", "gzip");
    assertThat(large.statusCode()).isEqualTo(413);
    var broken = bytes("POST", "/api/v1/definitions", other, "Content-Encoding", "gzip");
    assertThat(broken.statusCode()).isEqualTo(400);
    var odd = bytes("POST", "/api/v1/definitions", other, "Content-Encoding", "br");
    assertThat(odd.statusCode()).isEqualTo(415);
    assertThat(code(odd)).isEqualTo("unsupported-encoding");
  }

  private static String code(HttpResponse<byte[]> response) {
    JsonNode json = Json.parse(new String(response.body(), StandardCharsets.UTF_8));
    return json.path("code").asString("");
  }

  @Test
  void tellsAClientThatItHasTheNewestAlready() {
    String tag = served.get(ONE).header("ETag");
    assertThat(tag).startsWith("W/\"");
    var same = served.get(ONE, "If-None-Match", "\"other\", " + tag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.header("ETag")).isEqualTo(tag);
    assertThat(served.get(ONE, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    served.post(
        "/api/v1/runs?wait=PT10S",
        "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"greet\"}, \"id\": \"r\"}");
    String ended = served.get("/api/v1/runs/r").header("ETag");
    assertThat(served.get("/api/v1/runs/r", "If-None-Match", ended).status()).isEqualTo(304);
  }

  @Test
  void answersHeadAsItWouldGetWithoutTheBody() throws Exception {
    var head = bytes("HEAD", ONE, new byte[0]);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Length"))
        .contains(Integer.toString(served.get(ONE).body().length()));
    assertThat(bytes("HEAD", "/api/v1/nothing", new byte[0]).statusCode()).isEqualTo(404);
  }

  @Test
  void refusesWhatItCannotTakeOrGive() {
    var type = served.post("/api/v1/runs", "<run/>", "Content-Type", "application/xml");
    assertThat(type.status()).isEqualTo(415);
    assertThat(type.code()).isEqualTo("unsupported-media-type");
    var accept = served.get("/api/v1/runs", "Accept", "text/html, image/*");
    assertThat(accept.status()).isEqualTo(406);
    assertThat(accept.code()).isEqualTo("not-acceptable");
    assertThat(served.get("/api/v1/runs", "Accept", "text/html, */*;q=0.1").status())
        .isEqualTo(200);
    var method = served.send("PUT", ONE, "");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void letsRequestsUnderWayEndWhenItGoesAndTakesNoMore() throws Exception {
    served.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
        do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
        """);
    var answer =
        CompletableFuture.supplyAsync(() ->
            served.post(
                "/api/v1/runs?wait=PT2S",
                "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"waits\"}, \"id\": \"w\"}"));
    while (served.skein.look().find("w") == null && !answer.isDone()) {
      Thread.onSpinWait(); // until that request has begun
    }
    URI at = URI.create(served.server.url());
    served.server.close();
    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(202);
    assertThatThrownBy(() -> new Socket(at.getHost(), at.getPort()).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsRefusedBeforeAnyRouteIsAProblemToo() throws Exception {
    for (String request :
        new String[] {
          "414 GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
          "431 GET / HTTP/1.1\r\nConnection: close\r\nHost: x\r\nX-Long: "
              + "a".repeat(20_000)
              + "\r\n\r\n",
          "400 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n"
        }) {
      String answer = raw(request.substring(4));
      assertThat(answer)
          .as("%.60s", request)
          .startsWith("HTTP/1.1 " + request.substring(0, 3))
          .containsIgnoringCase("content-type: application/problem+json")
          .containsIgnoringCase("x-request-id: ")
          .contains("\"code\":");
    }
  }

  private String raw(String request) throws IOException {
    URI at = URI.create(served.server.url());
    try (var socket = new Socket(at.getHost(), at.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
