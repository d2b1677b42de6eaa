package dev.skein.cli;

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
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// A `skein serve` as a process of its own, which may be killed, frozen and started again, and
/// those who ask it. Thread-safe.
final class ServerProcess implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path data;
  private final List<String> options;
  private volatile Process process;
  private volatile String url;

  /// Starts it.
  ///
  /// @param data its data directory
  /// @param options of `serve`, beside the port and the data directory
  ServerProcess(Path data, String... options) throws IOException {
    this.data = data;
    this.options = List.of(options);
    start();
  }

  void start() throws IOException {
    var command = new ArrayList<String>();
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Main.class.getName(),
        "serve",
        "--port",
        "0",
        "--data",
        data.toString());
    command.addAll(options);
    process = new ProcessBuilder(command).directory(data.getParent().toFile()).start();
    var said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("skein: serving on ")) {
        url = line.substring("skein: serving on ".length());
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return;
      }
    }
    throw new AssertionError("the server did not come up");
  }

  /// Sends it a signal, by its name without `SIG`.
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  boolean endsWithin(Duration time) throws InterruptedException {
    return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /// @param path under `/api/v1`
  HttpResponse<String> post(String path, String type, String body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return post(path, "application/json", json);
  }

  void deploy(String yaml) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/definitions", "application/yaml", yaml);
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.body());
    }
  }

  /// Whether a run of that id is promised, of the newest version.
  boolean promises(String id, String namespace, String name)
      throws IOException, InterruptedException {
    String start =
        """
        {"id": "%s", "workflow": {"namespace": "%s", "name": "%s"}}
        """
            .formatted(id, namespace, name);
    int status = post("/runs", start).statusCode();
    return status == 201 || status == 200;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return Json.parse(CLIENT.send(request(path).build(), BodyHandlers.ofString()).body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).timeout(PATIENCE);
  }

  /// The ids of all runs of these statuses.
  ///
  /// @throws AssertionError if one is listed twice
  Set<String> runs(String statuses) throws IOException, InterruptedException {
    var there = new TreeSet<String>();
    String cursor = "";
    do {
      JsonNode page = get("/runs?limit=500&status=" + statuses + cursor);
      for (JsonNode run : page.path("runs")) {
        if (!there.add(run.path("id").asString())) {
          throw new AssertionError(run.path("id").asString() + " is listed twice");
        }
      }
      cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
    } while (!cursor.isEmpty());
    return there;
  }

  /// How long until nothing is open any more.
  Duration settled(Duration patience) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!get("/runs?limit=1&status=pending,running,waiting").path("runs").isEmpty()) {
      if (System.nanoTime() - begun > patience.toNanos()) {
        throw new AssertionError(
            "still open: " + get("/runs?limit=20&status=pending,running,waiting"));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
