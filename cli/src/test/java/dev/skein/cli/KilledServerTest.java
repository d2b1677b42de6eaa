package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A server that is killed again and again while runs are started on it.
class KilledServerTest {
  private static final int KILLS = Integer.getInteger("kills", 20);
  private static final int CLIENTS = 4;
  private static final String WORK =
      """
      document: {dsl: 1.0.3, namespace: shop, name: work, version: 1.0.0}
      do:
        - a: {set: {x: 1}}
        - w: {wait: {milliseconds: 30}}
        - b: {set: {x: "${ .x + 1 }"}}
      """;

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Set<String> promised = ConcurrentHashMap.newKeySet();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger last = new AtomicInteger();
  private volatile String url = "";
  private volatile boolean over;

  private Process serve() throws IOException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(),
            "serve",
            "--port",
            "0",
            "--data",
            data.toString());
    Process process = new ProcessBuilder(command).start();
    var said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("skein: serving on ")) {
        url = line.substring("skein: serving on ".length());
        return process;
      }
    }
    throw new AssertionError("the server did not come up");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws Exception {
    return Json.parse(send(HttpRequest.newBuilder(URI.create(url + path))).body());
  }

  /// Asks for the same run until it is promised.
  private void startRuns() {
    while (!over) {
      String id = "r" + last.incrementAndGet();
      asked.add(id);
      while (!over && !promised.contains(id)) {
        try {
          String body =
              """
              {"id": "%s", "workflow": {"namespace": "shop", "name": "work"}}
              """
                  .formatted(id);
          int status =
              send(HttpRequest.newBuilder(URI.create(url + "/api/v1/runs"))
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString(body)))
                  .statusCode();
          if (status == 201 || status == 200) {
            promised.add(id);
          }
        } catch (Exception e) {
          Thread.onSpinWait(); // it has been killed, and comes back
        }
      }
    }
  }

  @Test
  @Timeout(240)
  void whatWasPromisedIsKept() throws Exception {
    Process server = serve();
    assertThat(
            send(HttpRequest.newBuilder(URI.create(url + "/api/v1/definitions"))
                    .header("Content-Type", "application/yaml")
                    .POST(BodyPublishers.ofString(WORK)))
                .statusCode())
        .isEqualTo(201);
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofPlatform().start(this::startRuns));
    }
    var random = new Random(KILLS);
    for (int i = 0; i < KILLS; i++) {
      TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(400));
      server.destroyForcibly().waitFor();
      server = serve();
    }
    over = true;
    for (Thread thread : clients) {
      thread.join();
    }
    try {
      while (!get("/api/v1/runs?limit=1&status=pending,running,waiting").path("runs").isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      List<String> there = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = get("/api/v1/runs?limit=500&status=completed" + cursor);
        page.path("runs").forEach(run -> there.add(run.path("id").asString()));
        cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
      } while (!cursor.isEmpty());
      System.out.printf("%d kills: %d runs promised, all kept%n", KILLS, promised.size());
      assertThat(there).doesNotHaveDuplicates().containsAll(promised);
      assertThat(asked).containsAll(there);
      assertThat(promised.size()).isGreaterThan(KILLS);
    } finally {
      server.destroyForcibly().waitFor();
    }
  }
}
