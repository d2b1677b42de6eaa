package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.testkit.postgres.PostgresServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three servers on one PostgreSQL, as processes of their own, that are killed, frozen for longer
/// than their lease and told to leave, and their connections cut and the database started again,
/// while runs are started on any of them. `-Dnemesis=N` goes on for so many blows.
class ThreeNodesTest {
  private static final int NODES = 3;
  private static final int STARTS_PER_SECOND = 200;
  private static final int BLOWS = Integer.getInteger("nemesis", 10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LEASE = Duration.ofSeconds(2);

  private static final String RUN_W =
      """
      {"id": "w", "workflow": {"namespace": "shop", "name": "work"}}
      """;

  private static final String CUT =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'skein'";
  private static final PostgresServer DATABASE = PostgresServer.start();

  @TempDir private Path folder;
  private final String store = DATABASE.newStore() + "&lease=" + LEASE;
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final Map<String, Integer> ledger = new ConcurrentHashMap<>();
  private HttpServer outside;

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
      nodes.add(new ServerProcess(folder.resolve("node-" + i), "--store", store));
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
    nodes.getFirst().deploy(work);
  }

  @AfterAll
  static void stopDatabase() {
    DATABASE.close();
  }

  @AfterEach
  void close() {
    nodes.forEach(ServerProcess::close);
    outside.stop(0);
  }

  private void start(ServerProcess node, String id) throws Exception {
    assertThat(node.promises(id, "shop", "work")).isTrue();
  }

  @Test
  @Timeout(300)
  void nothingIsLostDoubledOrStuckWhateverHappensToTheNodes() throws Exception {
    var starters = new Starters(nodes, STARTS_PER_SECOND, "shop", "work");
    var random = new Random(BLOWS);
    for (int i = 0; i < BLOWS; i++) {
      ServerProcess node = nodes.get(random.nextInt(NODES));
      TimeUnit.MILLISECONDS.sleep(500);
      switch (i % 5) {
        case 0 -> node.kill();
        case 1 -> {
          node.signal("STOP");
          TimeUnit.MILLISECONDS.sleep(LEASE.toMillis() * 2);
          node.signal("CONT");
        }
        case 2 -> DATABASE.admin(CUT);
        case 3 -> {
          DATABASE.stop();
          DATABASE.startAgain();
        }
        default -> {
          node.signal("TERM");
          assertThat(node.endsWithin(Duration.ofSeconds(10))).isTrue();
        }
      }
      if (!node.isAlive()) {
        node.start();
      }
    }
    starters.stop();
    Set<String> promised = starters.promised();
    Duration tail = nodes.getFirst().settled(PATIENCE);
    Set<String> there = nodes.getLast().runs("completed");
    long again = ledger.values().stream().filter(times -> times > 1).count();
    System.out.printf(
        "%d blows: %d runs promised, all kept; the last ended %d ms after the last blow;"
            + " %d of %d effects were tried again; refusals: %s%n",
        BLOWS, promised.size(), tail.toMillis(), again, ledger.size(), starters.refusals());
    assertThat(there).containsAll(promised);
    assertThat(starters.asked()).containsAll(there);
    for (String id : there) {
      assertThat(ledger).containsKeys("/first/" + id, "/second/" + id);
    }
    assertThat(promised.size()).isGreaterThan(10 * BLOWS);
  }

  @Test
  @Timeout(120)
  void theRunsOfANodeThatLeavesOrDiesGoOnElsewhere() throws Exception {
    ServerProcess leaving = nodes.get(1);
    for (int i = 0; i < 50; i++) {
      start(leaving, "left-" + i);
    }
    leaving.signal("TERM");
    Duration handedOver = nodes.getFirst().settled(PATIENCE);
    assertThat(leaving.endsWithin(Duration.ofSeconds(10))).isTrue();

    ServerProcess dying = nodes.get(2);
    for (int i = 0; i < 50; i++) {
      start(dying, "died-" + i);
    }
    dying.kill();
    Duration failedOver = nodes.getFirst().settled(PATIENCE);
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
    nodes.getFirst().deploy(sleep);
    String run =
        """
        {"id": "nap", "workflow": {"namespace": "shop", "name": "sleep"}}
        """;
    assertThat(nodes.get(1).post("/runs", run).statusCode()).isEqualTo(201);
    assertThat(nodes.get(2).post("/runs", run).statusCode()).isEqualTo(200);

    assertThat(nodes.get(2).post("/runs/nap/suspend", "{}").statusCode()).isLessThan(300);
    await("nap", "suspended");
    assertThat(nodes.getFirst().post("/runs/nap/resume", "{}").statusCode()).isLessThan(300);
    await("nap", "waiting");
    assertThat(nodes.get(2).post("/runs/nap/cancel", "{}").statusCode()).isLessThan(300);
    await("nap", "cancelled");

    String waited = nodes.get(2).post("/runs?wait=PT10S", RUN_W).body();
    assertThat(Json.parse(waited).path("status").asString()).isEqualTo("completed");
    assertThat(nodes.get(0).post("/runs?wait=PT10S", RUN_W).statusCode()).isEqualTo(200);
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
    nodes.get(1).deploy(ticking);
    long begun = System.nanoTime();
    Set<String> before = awaitTicks(3);
    nodes.getFirst().kill();
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
      nodes
          .getLast()
          .get("/runs?limit=500&workflow=tick")
          .path("runs")
          .forEach(run -> ticks.add(run.path("id").asString()));
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return ticks;
  }

  private void await(String id, String status) throws Exception {
    long begun = System.nanoTime();
    while (!nodes.getFirst().get("/runs/" + id).path("status").asString().equals(status)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as("%s is %s", id, nodes.getFirst().get("/runs/" + id))
          .isLessThan(Duration.ofSeconds(10));
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
