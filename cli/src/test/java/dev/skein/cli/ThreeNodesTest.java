package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.testkit.postgres.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Three servers on one PostgreSQL, as processes of their own, that are killed, frozen for longer
/// than their lease and told to leave while runs are started on any of them. `-Dnemesis=N` goes on
/// for so many blows.
class ThreeNodesTest {
  private static final int NODES = 3;
  private static final int CLIENTS = 4;
  private static final int BLOWS = Integer.getInteger("nemesis", 9);
  private static final Duration LEASE = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private final String store = PostgresServer.shared().newStore() + "&lease=" + LEASE;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Integer> ledger = new ConcurrentHashMap<>();
  private final Set<String> promised = ConcurrentHashMap.newKeySet();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger last = new AtomicInteger();
  private final Set<String> refusals = ConcurrentHashMap.newKeySet();
  private HttpServer outside;
  private volatile boolean over;

  private final class Node {
    final int number;
    volatile Process process;
    volatile String url;

    Node(int number) throws IOException {
      this.number = number;
      start();
    }

    void start() throws IOException {
      var command =
          List.of(
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
              "--store",
              store,
              "--data",
              folder.resolve("node-" + number).toString());
      process = new ProcessBuilder(command).directory(folder.toFile()).start();
      var said =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith("skein: serving on ")) {
          url = line.substring("skein: serving on ".length());
          Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
          return;
        }
      }
      throw new AssertionError("node " + number + " did not come up");
    }

    void signal(String name) throws Exception {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }
  }

  @BeforeEach
  void open() throws Exception {
    outside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    outside.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    outside.createContext(
        "/",
        exchange -> {
          ledger.merge(exchange.getRequestURI().getPath(), 1, Integer::sum);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    outside.start();
    for (int i = 0; i < NODES; i++) {
      nodes.add(new Node(i));
    }
    String to = "http://127.0.0.1:" + outside.getAddress().getPort();
    String work =
        """
        document: {dsl: 1.0.3, namespace: shop, name: work, version: 1.0.0}
        do:
          - first: {call: http, with: {method: put, endpoint: '${ "TO/first/" + $workflow.id }'}}
          - pause: {wait: {milliseconds: 300}}
          - second: {call: http, with: {method: put, endpoint: '${ "TO/second/" + $workflow.id }'}}
        """
            .replace("TO", to);
    assertThat(post(nodes.getFirst(), "/definitions", "application/yaml", work).statusCode())
        .isEqualTo(201);
  }

  @AfterEach
  void close() throws Exception {
    for (Node node : nodes) {
      node.process.destroyForcibly().waitFor();
    }
    outside.stop(0);
  }

  private HttpResponse<String> post(Node node, String path, String type, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(node.url + "/api/v1" + path))
            .header("Content-Type", type)
            .timeout(Duration.ofSeconds(5))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode get(Node node, String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(node.url + "/api/v1" + path)).build();
    return Json.parse(client.send(request, BodyHandlers.ofString()).body());
  }

  private static String start(String id) {
    return """
    {"id": "%s", "workflow": {"namespace": "shop", "name": "work"}}
    """
        .formatted(id);
  }

  /// Asks any node for the same run until one promises it.
  private void startRuns(int seed) {
    var random = new Random(seed);
    while (!over) {
      String id = "r" + last.incrementAndGet();
      asked.add(id);
      while (!over && !promised.contains(id)) {
        Node node = nodes.get(random.nextInt(NODES));
        try {
          int status = post(node, "/runs", "application/json", start(id)).statusCode();
          if (status == 201 || status == 200) {
            promised.add(id);
          } else {
            refusals.add("status " + status);
          }
        } catch (IOException | InterruptedException e) {
          refusals.add(e.getClass().getSimpleName()); // it is down; another is not
        }
      }
    }
  }

  private long openRuns() throws Exception {
    return get(nodes.getFirst(), "/runs?limit=500&status=pending,running,waiting")
        .path("runs")
        .size();
  }

  /// How long until nothing is open any more.
  private Duration settled() throws Exception {
    long begun = System.nanoTime();
    while (openRuns() > 0) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @Test
  @Timeout(300)
  void nothingIsLostDoubledOrStuckWhateverHappensToTheNodes() throws Exception {
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < CLIENTS; i++) {
      int seed = i;
      clients.add(Thread.ofPlatform().start(() -> startRuns(seed)));
    }
    var random = new Random(BLOWS);
    for (int i = 0; i < BLOWS; i++) {
      Node node = nodes.get(random.nextInt(NODES));
      TimeUnit.MILLISECONDS.sleep(500);
      switch (i % 3) {
        case 0 -> node.process.destroyForcibly().waitFor();
        case 1 -> {
          node.signal("STOP");
          TimeUnit.MILLISECONDS.sleep(LEASE.toMillis() * 2);
          node.signal("CONT");
        }
        default -> {
          node.signal("TERM");
          assertThat(node.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
      }
      if (!node.process.isAlive()) {
        node.start();
      }
    }
    over = true;
    for (Thread thread : clients) {
      thread.join();
    }
    Duration tail = settled();
    var there = new ArrayList<String>();
    String cursor = "";
    do {
      JsonNode page = get(nodes.getLast(), "/runs?limit=500&status=completed" + cursor);
      page.path("runs").forEach(run -> there.add(run.path("id").asString()));
      cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
    } while (!cursor.isEmpty());
    long again = ledger.values().stream().filter(times -> times > 1).count();
    System.out.printf(
        "%d blows: %d runs promised, all kept; the last ended %d ms after the last blow;"
            + " %d of %d effects were tried again; refusals: %s%n",
        BLOWS, promised.size(), tail.toMillis(), again, ledger.size(), refusals);
    assertThat(there).doesNotHaveDuplicates().containsAll(promised);
    assertThat(asked).containsAll(there);
    for (String id : there) {
      assertThat(ledger).containsKeys("/first/" + id, "/second/" + id);
    }
    assertThat(promised.size()).isGreaterThan(10 * BLOWS);
  }

  @Test
  @Timeout(120)
  void theRunsOfANodeThatLeavesOrDiesGoOnElsewhere() throws Exception {
    Node leaving = nodes.get(1);
    for (int i = 0; i < 50; i++) {
      post(leaving, "/runs", "application/json", start("left-" + i));
    }
    leaving.signal("TERM");
    Duration handedOver = settled();
    assertThat(leaving.process.waitFor(10, TimeUnit.SECONDS)).isTrue();

    Node dying = nodes.get(2);
    for (int i = 0; i < 50; i++) {
      post(dying, "/runs", "application/json", start("died-" + i));
    }
    dying.process.destroyForcibly().waitFor();
    Duration failedOver = settled();
    System.out.printf(
        "after a node left its runs had ended in %d ms, after one died in %d ms (lease %d ms)%n",
        handedOver.toMillis(), failedOver.toMillis(), LEASE.toMillis());
    assertThat(failedOver).isLessThan(LEASE.multipliedBy(2).plusSeconds(3));
    assertThat(handedOver).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  @Timeout(120)
  void anyNodeTakesAnyRequest() throws Exception {
    String sleep =
        """
        document: {dsl: 1.0.3, namespace: shop, name: sleep, version: 1.0.0}
        do:
          - nap: {wait: {minutes: 10}}
        """;
    assertThat(post(nodes.getFirst(), "/definitions", "application/yaml", sleep).statusCode())
        .isEqualTo(201);
    String run =
        """
        {"id": "nap", "workflow": {"namespace": "shop", "name": "sleep"}}
        """;
    assertThat(post(nodes.get(1), "/runs", "application/json", run).statusCode()).isEqualTo(201);
    assertThat(post(nodes.get(2), "/runs", "application/json", run).statusCode()).isEqualTo(200);

    assertThat(post(nodes.get(2), "/runs/nap/suspend", "application/json", "{}").statusCode())
        .isLessThan(300);
    await("nap", "suspended");
    assertThat(post(nodes.getFirst(), "/runs/nap/resume", "application/json", "{}").statusCode())
        .isLessThan(300);
    await("nap", "waiting");
    assertThat(post(nodes.get(2), "/runs/nap/cancel", "application/json", "{}").statusCode())
        .isLessThan(300);
    await("nap", "cancelled");

    String waited = post(nodes.get(2), "/runs?wait=PT10S", "application/json", start("w")).body();
    assertThat(Json.parse(waited).path("status").asString()).isEqualTo("completed");
    assertThat(post(nodes.get(0), "/runs?wait=PT10S", "application/json", start("w")).statusCode())
        .isEqualTo(200);
  }

  @Test
  @Timeout(120)
  void aScheduleGoesOnWhenTheNodeThatLooksAfterItDies() throws Exception {
    String ticking =
        """
        document: {dsl: 1.0.3, namespace: shop, name: tick, version: 1.0.0}
        schedule: {every: {seconds: 1}}
        do:
          - tick: {set: {x: 1}}
        """;
    assertThat(post(nodes.get(1), "/definitions", "application/yaml", ticking).statusCode())
        .isEqualTo(201);
    long begun = System.nanoTime();
    Set<String> before = awaitTicks(3);
    nodes.getFirst().process.destroyForcibly().waitFor();
    nodes.getFirst().start();
    Set<String> after = awaitTicks(before.size() + 5);
    long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    assertThat(after).containsAll(before);
    assertThat((long) after.size()).isLessThanOrEqualTo(seconds + 1);
  }

  private Set<String> awaitTicks(int count) throws Exception {
    Set<String> ticks = ConcurrentHashMap.newKeySet();
    long begun = System.nanoTime();
    while (ticks.size() < count) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as("%d ticks", ticks.size())
          .isLessThan(Duration.ofSeconds(30));
      get(nodes.getLast(), "/runs?limit=500&workflow=tick")
          .path("runs")
          .forEach(run -> ticks.add(run.path("id").asString()));
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return ticks;
  }

  private void await(String id, String status) throws Exception {
    long begun = System.nanoTime();
    while (!get(nodes.getFirst(), "/runs/" + id).path("status").asString().equals(status)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as("%s is %s", id, get(nodes.getFirst(), "/runs/" + id))
          .isLessThan(Duration.ofSeconds(10));
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
