package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `skein load`, which calls a real server at a fixed rate.
class LoadCommandTest {
  @TempDir private Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int stallAt = -1;
  private volatile boolean failing;
  private HttpServer server;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    // one at a time, as a system with one lock: a stall of one is a stall of all behind it
    server.setExecutor(Executors.newSingleThreadExecutor());
    server.createContext(
        "/",
        exchange -> {
          if (requests.incrementAndGet() == stallAt) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
          }
          exchange.sendResponseHeaders(failing ? 500 : 204, -1);
          exchange.close();
        });
    server.start();
    url = "http://localhost:" + server.getAddress().getPort() + "/";
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int skein(String... arguments) {
    out.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void aStallIsSeenByAllWhoWouldHaveComeMeanwhile() {
    stallAt = 20;
    assertThat(skein("load", url, "--rate", "100", "--for", "PT2S", "--json")).isZero();
    JsonNode figures = Json.parse(out.toString());
    assertThat(figures.path("calls").intValue()).isEqualTo(200);
    // a second of 100 arrivals waits half a second on average: half of all calls, not one of them
    assertThat(figures.path("p99Millis").doubleValue()).isGreaterThan(800);
    assertThat(figures.path("p95Millis").doubleValue()).isGreaterThan(600);
  }

  @Test
  void failsWhenItIsWorseThanBefore() throws Exception {
    Path before = folder.resolve("baseline.json");
    assertThat(skein("load", url, "--rate", "50/s", "--for", "PT1S", "--save", before.toString()))
        .isZero();
    assertThat(out.toString()).contains("50 calls in", "0 failed", "p99.9");
    String baseline = before.toString();
    assertThat(
            skein(
                "load",
                url,
                "--rate",
                "50/s",
                "--for",
                "PT1S",
                "--baseline",
                baseline,
                "--tolerance",
                "10000"))
        .isZero();
    failing = true;
    assertThat(skein("load", url, "--rate", "50/s", "--for", "PT1S", "--baseline", baseline))
        .isEqualTo(1);
    assertThat(out.toString())
        .contains("status 500: 50", "worse: 100.0 % of the calls fail, 0.0 % before");
    assertThat(Json.parse(Files.readString(before)).path("errorShare").doubleValue()).isZero();
  }

  @Test
  void saysWhatItCannotRead() {
    assertThat(skein("load", url, "--rate", "fast")).isEqualTo(2);
    assertThat(err.toString()).contains("'fast' is no rate");
  }
}
