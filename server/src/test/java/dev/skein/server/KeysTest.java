package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.Served.Got;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Keys of programs, over HTTP.
class KeysTest {
  private static final String LOCAL = "sk_local_test";

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    ServerOptions options = ServerOptions.at("127.0.0.1", 0).withLocalKey(LOCAL);
    served = new Served(data, options, Timeline.system());
  }

  @AfterEach
  void close() {
    served.close();
  }

  private JsonNode make(String body) {
    Got got = served.post("/api/v1/keys", body, "Authorization", "Bearer " + LOCAL);
    assertThat(got.status()).as(got.body()).isEqualTo(201);
    return got.json();
  }

  private Got runs(String key) {
    return served.get("/api/v1/runs", "Authorization", "Bearer " + key);
  }

  @Test
  void theFirstKeyEndsTheTimeWithoutLogin() {
    assertThat(served.get("/api/v1/runs").status()).isEqualTo(200);
    JsonNode key = make("{\"name\": \"ci\", \"role\": \"viewer\"}");
    Got without = served.get("/api/v1/runs");
    assertThat(without.status()).isEqualTo(401);
    assertThat(without.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(runs(key.path("key").asString()).status()).isEqualTo(200);
    assertThat(runs(LOCAL).status()).isEqualTo(200);
    assertThat(served.get("/health/live").status()).isEqualTo(200);
    assertThat(served.get("/console/").status()).isEqualTo(200);
  }

  @Test
  void aKeyIsShownOnceAndNowhereOnDisk() throws IOException {
    String key = make("{\"name\": \"ci\", \"role\": \"viewer\"}").path("key").asString();
    assertThat(key).matches("sk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}");
    runs(key);
    String secret = key.substring(key.length() - 43);
    assertThat(served.get("/api/v1/keys", "Authorization", "Bearer " + LOCAL).body())
        .contains("\"ci\"")
        .doesNotContain(secret);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(secret);
      }
    }
  }

  @Test
  void aKeyCountsUntilItIsRevokedAndAfterARestart() {
    JsonNode made = make("{\"name\": \"ci\", \"role\": \"viewer\"}");
    String key = made.path("key").asString();
    served.close();
    serve();
    assertThat(runs(key).status()).isEqualTo(200);
    String path = "/api/v1/keys/" + made.path("id").asString();
    Got revoked = served.send("DELETE", path, "", "Authorization", "Bearer " + LOCAL);
    assertThat(revoked.json().path("revokedAt").isString()).isTrue();
    assertThat(revoked.json().path("usedAt").isString()).isTrue();
    assertThat(runs(key).status()).isEqualTo(401);
    assertThat(served.get("/api/v1/runs").status()).isEqualTo(401);
    assertThat(
            served
                .send("DELETE", "/api/v1/keys/none", "", "Authorization", "Bearer " + LOCAL)
                .code())
        .isEqualTo("no-such-key");
  }

  @Test
  void aKeyExpires() {
    JsonNode made = make("{\"name\": \"ci\", \"role\": \"viewer\", \"expires\": \"PT0.000001S\"}");
    assertThat(made.path("expiresAt").isString()).isTrue();
    assertThat(runs(made.path("key").asString()).status()).isEqualTo(401);
  }

  @Test
  void refusesKeysThatSayTooLittle() {
    for (String body :
        new String[] {
          "{}",
          "{\"name\": \"x\"}",
          "{\"name\": \" \", \"role\": \"viewer\"}",
          "{\"name\": \"x\", \"role\": \"god\"}",
          "{\"name\": \"x\", \"role\": \"viewer\", \"namespaces\": [\"a b\"]}",
          "{\"name\": \"x\", \"role\": \"viewer\", \"namespaces\": [7]}",
          "{\"name\": \"x\", \"role\": \"viewer\", \"expires\": \"soon\"}",
          "{\"name\": \"x\", \"role\": \"viewer\", \"expires\": \"-PT1S\"}"
        }) {
      Got got = served.post("/api/v1/keys", body, "Authorization", "Bearer " + LOCAL);
      assertThat(got.status()).as(body).isEqualTo(400);
    }
    assertThat(served.get("/api/v1/runs").status()).isEqualTo(200);
  }

  @Test
  void wrongKeysAreSoonRefusedUnseenButARightOnePasses() {
    var keys = served.skein.access().keys();
    String right = keys.make("ci", Roles.everywhere(Role.VIEWER), null).shown();
    String wrong = right.substring(0, right.length() - 43) + "A".repeat(43);
    for (int i = 0; i < 10; i++) {
      assertThat(runs(i % 2 == 0 ? wrong : "nonsense").status()).isEqualTo(401);
    }
    Got much = runs(wrong);
    assertThat(much.status()).isEqualTo(429);
    assertThat(Integer.parseInt(much.header("Retry-After"))).isBetween(1, 60);
    assertThat(runs(right).status()).isEqualTo(200);
  }

  @Test
  void withoutLoginPagesOfOtherSitesReachNothing() throws IOException {
    String foreign = "https://evil.example.com";
    assertThat(served.post("/api/v1/events", "{}", "Origin", foreign).status()).isEqualTo(403);
    assertThat(served.get("/api/v1/runs", "Origin", foreign).status()).isEqualTo(403);
    assertThat(served.get("/api/v1/runs", "Origin", "null").status()).isEqualTo(403);
    assertThat(served.get("/api/v1/runs", "Origin", served.server.url()).status()).isEqualTo(200);
    assertThat(runsAs("evil.example.com")).startsWith("HTTP/1.1 403"); // a name that leads here
    assertThat(runsAs("localhost.evil.example.com")).startsWith("HTTP/1.1 403");
    assertThat(runsAs("LOCALHOST:7400")).startsWith("HTTP/1.1 200");
    assertThat(runsAs("127.0.0.2")).startsWith("HTTP/1.1 200");
    assertThat(runsAs("[::1]:7400")).startsWith("HTTP/1.1 200");
  }

  private String runsAs(String host) throws IOException {
    URI at = URI.create(served.server.url());
    String request = "GET /api/v1/runs HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    try (var socket = new Socket(at.getHost(), at.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return String.valueOf(answer.readLine());
    }
  }
}
