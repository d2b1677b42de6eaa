package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.connectors.integration.Measures;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls of workflows under the policies of `skein.yaml`, to a real server.
class IntegrationsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path data;
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;
  private String local;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/busy",
        exchange -> {
          keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
          boolean first = keys.size() == 1;
          if (first) {
            exchange.getResponseHeaders().set("Retry-After", "2");
          }
          exchange.sendResponseHeaders(first ? 429 : 204, -1);
          exchange.close();
        });
    server.createContext(
        "/hang",
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.createContext(
        "/fine",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.createContext(
        "/echo",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes());
          String token = exchange.getRequestHeaders().getFirst("Authorization");
          String unit = exchange.getRequestHeaders().getFirst("X-Unit");
          byte[] answer =
              "{\"got\": %s, \"as\": \"%s\", \"in\": \"%s\", \"at\": \"%s\"}"
                  .formatted(body, token, unit, exchange.getRequestURI())
                  .getBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.getResponseHeaders().set("Deprecation", "@1688169599");
          exchange.getResponseHeaders().set("Sunset", "Sun, 30 Jun 2030 23:59:59 GMT");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    local = "localhost:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private Skein open(String integrations) {
    Settings settings = Settings.read(integrations).result();
    assertThat(settings).isNotNull();
    return Skein.open(data, EngineOptions.DEFAULT, settings);
  }

  private void deploy(Skein skein, String name, String path) {
    skein.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: %s, version: 1.0.0}
        do: [{ask: {call: http, with: {method: post, endpoint: "http://%s%s"}}}]
        """
            .formatted(name, local, path));
  }

  @Test
  void whoeverWasStartedWithAHigherPriorityIsServedFirst() throws Exception {
    var order = Collections.synchronizedList(new ArrayList<String>());
    server.createContext(
        "/one/",
        exchange -> {
          order.add(exchange.getRequestURI().getPath());
          if (order.size() == 1) {
            try {
              over.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    String integrations =
        """
        integrations:
          one:
            match: {hosts: [localhost]}
            retry: {durableAfter: PT30S}
            concurrency: {max: 1, queue: 10}
        """;
    try (Skein skein = open(integrations)) {
      deploy(skein, "one", "/one/{id}");
      WorkflowRef one = new WorkflowRef("shop", "one", "1.0.0");
      int line = 0;
      for (Map.Entry<String, Integer> run :
          List.of(Map.entry("first", 3), Map.entry("low", 5), Map.entry("high", 1))) {
        Map<String, String> input = Map.of("id", run.getKey());
        skein.start(new Begin(one, input, run.getKey(), run.getValue(), Map.of()));
        while (order.isEmpty() || waiting(skein) < line) {
          Thread.onSpinWait();
        }
        line++;
      }
      over.countDown();
      for (String run : List.of("first", "low", "high")) {
        assertThat(skein.await(run, PATIENCE)).isNotNull();
      }
      assertThat(order).containsExactly("/one/first", "/one/high", "/one/low");
    }
  }

  private static int waiting(Skein skein) {
    return skein.overview().integrations().stream()
        .map(Measures::line)
        .filter(Objects::nonNull)
        .mapToInt(Measures.Line::waiting)
        .sum();
  }

  @Test
  void aLongRetryAfterIsATimerThatSurvivesARestart() throws Exception {
    String integrations =
        """
        integrations:
          busy:
            match: {hosts: [localhost]}
            retry: {attempts: 3, durableAfter: PT0.5S}
        """;
    try (Skein skein = open(integrations)) {
      deploy(skein, "busy", "/busy");
      skein.start("busy", Map.of(), "r");
      assertThat(skein.await("r", Duration.ofMillis(700))).isNull();
      assertThat(skein.why("r"))
          .extracting(reason -> reason.what())
          .containsExactly("attempt 2 of a call to busy after: HTTP status 429");
      assertThat(skein.run("r").status()).isEqualTo("waiting");
    }
    try (Skein skein = open(integrations)) {
      assertThat(skein.await("r", PATIENCE).status()).isEqualTo("completed");
      assertThat(skein.tasks("r")).singleElement().extracting(TaskView::attempts).isEqualTo(1);
    }
    assertThat(keys).hasSize(2).containsOnly("r:/do/0/ask");
  }

  private static final String SHAPED =
      """
      secrets: [token]
      integrations:
        echo:
          match: {hosts: [localhost]}
          auth: {bearer: {token: "${ $secrets.token }"}}
          transform:
            request:
              body: {cents: "${ .body.euros * 100 }"}
              headers: {X-Unit: cent}
              query: {page: '${ .query.page + "0" }'}
            response: "${ .body + {status: .status} }"
          version: {deprecation: alert}
      """;

  @Test
  void requestsAndAnswersAreMadeIntoWhatTheOtherSideExpects() throws Exception {
    Files.createDirectories(data.resolve("secrets"));
    Files.writeString(data.resolve("secrets/token"), "s3cr3t-token\n");
    try (Skein skein = open(SHAPED)) {
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: shop, name: shaped, version: 1.0.0}
          do:
            - ask:
                call: http
                with:
                  method: post
                  endpoint: "http://%s/echo"
                  query: {page: "1"}
                  body: {euros: 7}
          """
              .formatted(local));
      RunView run = skein.await(skein.start("shaped", Map.of(), "s"), PATIENCE);
      assertThat(run.output())
          .isEqualTo(
              Json.parse(
                  """
                  {"got": {"cents": 700}, "as": "Bearer ***", "in": "cent",
                   "at": "/echo?page=10", "status": 200}
                  """));
      assertThat(skein.overview().notices())
          .singleElement()
          .satisfies(notice -> {
            assertThat(notice.about()).isEqualTo("POST http://" + local + "/echo");
            assertThat(notice.what())
                .isEqualTo(
                    "is deprecated since 2023-06-30 and goes away Sun, 30 Jun 2030 23:59:59 GMT");
          });
      Measures echo = skein.overview().integrations().getFirst();
      assertThat(echo.integration()).isEqualTo("echo");
      assertThat(echo.counts().attempts()).isEqualTo(1);
      assertThat(echo.operations()).containsOnlyKeys("POST");
      assertThat(echo.latency().count()).isEqualTo(1);
    }
    try (var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("secrets/token")) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain("s3cr3t-token");
        }
      }
    }
  }

  @Test
  void aTaskCanAskForAnIntegrationByItsName() throws Exception {
    try (Skein skein =
        open("integrations: {vip: {match: {hosts: [x.test]}, retry: {attempts: 2}}}")) {
      String workflow =
          """
          document: {dsl: 1.0.3, namespace: shop, name: named, version: 1.0.%d}
          do:
            - ask:
                call: http
                with: {method: post, endpoint: "http://%s/busy"}
                metadata: {skein: {integration: %s}}
          """;
      skein.deploy(workflow.formatted(0, local, "vip"));
      assertThat(skein.await(skein.start("named", Map.of(), "a"), PATIENCE).status())
          .isEqualTo("completed");
      skein.deploy(workflow.formatted(1, local, "vpi"));
      RunView refused = skein.await(skein.start("named", Map.of(), "b"), PATIENCE);
      assertThat(refused.error().path("type").asString()).endsWith("/configuration");
      assertThat(refused.error().path("detail").asString())
          .isEqualTo("there is no integration 'vpi'; declared are: [vip]");
    }
  }

  @Test
  void aHungIntegrationHoldsNobodyElseAndItsCallsLeaveMemory() throws Exception {
    String integrations =
        """
        integrations:
          hung:
            match: {hosts: ["%s"], paths: [/hang]}
            concurrency: {max: 5, queue: 20}
            retry: {attempts: 1, durableAfter: PT0.2S}
        """;
    try (Skein skein = open(integrations.formatted(local))) {
      deploy(skein, "hangs", "/hang");
      deploy(skein, "fine", "/fine");
      for (int i = 0; i < 200; i++) {
        skein.start("hangs", Map.of(), "h" + i);
      }
      for (int i = 0; i < 200; i++) {
        assertThat(skein.await(skein.start("fine", Map.of(), "f" + i), PATIENCE).status())
            .isEqualTo("completed");
      }
      long parked = 0;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (parked < 150 && System.nanoTime() < deadline) {
        parked = skein.list(new RunFilter(Set.of(RunStatus.WAITING), "hangs", null, 500)).size();
      }
      assertThat(parked).isGreaterThanOrEqualTo(150);
      RunRow one =
          skein.list(new RunFilter(Set.of(RunStatus.WAITING), "hangs", null, 1)).getFirst();
      assertThat(one.progress().wake()).contains("a place among the calls to hung");
    }
  }
}
