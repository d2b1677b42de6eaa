package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.store.SqliteStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// How long a page of the list of runs takes over HTTP, among many runs and while others run. The
/// full size is `-Druns=1000000`, finished ones; one in a hundred as many are open.
class RunListTest {
  private static final int FINISHED = Integer.getInteger("runs", 20_000);
  private static final int OPEN = FINISHED / 100;
  private static final int STEPS = 10;
  private static final int STEPS_PER_SECOND = 500;
  private static final int TIMES = 100;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration P99 = Duration.ofMillis(100);
  private static final String SLEEP =
      """
      document: {dsl: 1.0.3, namespace: shop, name: sleep, version: 1.0.0}
      do:
        - nap: {wait: {days: 1}}
      """;
  private static final List<String> FILTERS =
      List.of(
          "",
          "status=waiting,running",
          "status=faulted",
          "status=faulted&workflow=refund",
          "workflow=nothing",
          "attr.order=o77",
          "attr.region=us",
          "status=faulted&attr.region=us",
          "status=completed&workflow=refund&attr.region=x",
          "status=waiting&workflow=sleep",
          "q=order-77",
          "q=order-",
          "q=zzz",
          "status=faulted&q=o1",
          "from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z",
          "from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&status=faulted");

  @TempDir private Path folder;

  private static RunRow ended(int place) {
    Instant at = START.plusSeconds(place);
    long number = RunNumbers.firstAt(at);
    RunStatus status = place % 10_000 == 9 ? RunStatus.FAULTED : RunStatus.COMPLETED;
    String name = place % 1_000 == 7 ? "refund" : "checkout";
    String id = place % 2 == 0 ? "order-" + place : RunNumbers.id(number);
    var progress = new RunRow.Progress(status, null, null, "", 0);
    return new RunRow(number, id, new WorkflowRef("shop", name, "1"), at, 3, null, progress);
  }

  private static void fill(Path data) {
    try (var store = SqliteStore.open(data)) {
      var changes = new ArrayList<Change>();
      for (int i = 0; i < FINISHED; i++) {
        RunRow row = ended(i);
        changes.add(new Change.RunCreated(row));
        changes.add(
            new Change.AttributesSet(
                row.number(), Map.of("region", i % 4 == 0 ? "us" : "eu", "order", "o" + i)));
        if (changes.size() > 10_000) {
          store.commit(changes);
          changes.clear();
        }
      }
      store.commit(changes);
    }
  }

  private static void startSleepers(ServerProcess server) throws Exception {
    server.deploy(SLEEP);
    try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
      IntStream.range(0, OPEN)
          .mapToObj(i -> clients.submit(() -> server.promises("nap-" + i, "shop", "sleep")))
          .toList()
          .forEach(promise -> assertThat(promise).succeedsWithin(Duration.ofMinutes(1)));
    }
  }

  private static HttpServer outside() throws Exception {
    var outside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    outside.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    outside.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    outside.start();
    return outside;
  }

  /// A workflow of so many calls, one after the other.
  private static String work(HttpServer outside) {
    var yaml =
        new StringBuilder(
            """
            document: {dsl: 1.0.3, namespace: shop, name: work, version: 1.0.0}
            do:
            """);
    for (int i = 0; i < STEPS; i++) {
      yaml.append(
          "  - step%d: {call: http, with: {method: put, endpoint: 'http://127.0.0.1:%d/'}}\n"
              .formatted(i, outside.getAddress().getPort()));
    }
    return yaml.toString();
  }

  @Test
  @Timeout(1_800)
  void aPageTakesLessThan100MillisecondsWhileOthersRun() throws Exception {
    Path data = folder.resolve("data");
    fill(data);
    HttpServer outside = outside();
    try (var server = new ServerProcess(data)) {
      startSleepers(server);
      server.deploy(work(outside));
      var load = new Starters(List.of(server), STEPS_PER_SECOND / STEPS, "shop", "work");
      long begun = System.nanoTime();
      Duration worst = Duration.ZERO;
      for (String filter : FILTERS) {
        Duration p99 = p99(server, filter);
        worst = p99.compareTo(worst) > 0 ? p99 : worst;
      }
      load.stop();
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf(
          "%,d finished, %,d open, %.0f steps/s: worst p99 %.1f ms%n",
          FINISHED, OPEN, load.promised().size() * STEPS / seconds, worst.toNanos() / 1e6);
      assertThat(worst).isLessThan(P99);
    } finally {
      outside.stop(0);
    }
  }

  /// Walks through the pages, and begins again at their end.
  private static Duration p99(ServerProcess server, String filter) throws Exception {
    var took = new ArrayList<Duration>();
    String cursor = "";
    int found = 0;
    for (int i = 0; i < TIMES; i++) {
      long begin = System.nanoTime();
      JsonNode page = server.get("/runs?" + filter + cursor);
      took.add(Duration.ofNanos(System.nanoTime() - begin));
      found += page.path("runs").size();
      cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
      TimeUnit.MILLISECONDS.sleep(10); // others work meanwhile
    }
    List<Duration> sorted = took.stream().sorted().toList();
    Duration p99 = sorted.get(TIMES - 2);
    System.out.printf(
        "%-64s p50 %7.2f ms  p99 %7.2f ms  %d found%n",
        filter, sorted.get(TIMES / 2).toNanos() / 1e6, p99.toNanos() / 1e6, found);
    return p99;
  }
}
