package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskHistory.Segment;
import dev.skein.runtime.view.TaskHistory.Segment.Kind;
import dev.skein.runtime.view.TaskView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What became of the time of a task.
class TaskHistoryTest {
  @TempDir private Path data;

  private static TaskView task(Skein skein, String run, String name) {
    return skein.tasks(run).stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Kind> kinds(TaskView task) {
    return task.history().stream().map(Segment::kind).toList();
  }

  @Test
  void retriesOfTheLanguageAreAttemptsWithWaitsBetween() throws Exception {
    try (Skein skein = Skein.open(data)) {
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: t, name: stubborn, version: 1.0.0}
          do:
            - outer:
                try:
                  - boom: {raise: {error: {type: "https://t.example/boom", status: 500, title: Boom}}}
                catch:
                  retry: {delay: {milliseconds: 40}, limit: {attempt: {count: 2}}}
          """);
      skein.start("stubborn", Map.of(), "r");
      RunView run = skein.await("r", Duration.ofSeconds(20));
      assertThat(run).isNotNull();
      TaskView boom = task(skein, "r", "boom");
      assertThat(kinds(boom))
          .containsExactly(Kind.ATTEMPT, Kind.WAIT, Kind.ATTEMPT, Kind.WAIT, Kind.ATTEMPT);
      for (Segment segment : boom.history()) {
        if (segment.kind() == Kind.WAIT) {
          assertThat(Duration.between(segment.startedAt(), segment.endedAt()).toMillis())
              .isGreaterThanOrEqualTo(35);
        } else {
          assertThat(segment.failure()).isNotNull();
        }
      }
      assertThat(boom.toJson().path("history").get(0).path("error").path("title").asString())
          .isEqualTo("Boom");
      assertThat(task(skein, "r", "outer").history()).as("it ran once").isEmpty();
    }
  }

  @Test
  void durableRetriesOfCallsAreAttemptsWithWaitsBetween() throws Exception {
    var requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(requests.incrementAndGet() == 1 ? 503 : 204, -1);
          exchange.close();
        });
    server.start();
    Settings settings =
        Settings.read(
                """
                integrations:
                  busy:
                    match: {hosts: [localhost]}
                    retry: {attempts: 3, backoff: {first: PT0.3S, jitter: 0}, durableAfter: PT0S}
                """)
            .result();
    assertThat(settings).isNotNull();
    try (Skein skein = Skein.open(data, EngineOptions.DEFAULT, settings)) {
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: t, name: call, version: 1.0.0}
          do: [{ask: {call: http, with: {method: get, endpoint: "http://localhost:%d/"}}}]
          """
              .formatted(server.getAddress().getPort()));
      skein.start("call", Map.of(), "r");
      assertThat(skein.await("r", Duration.ofSeconds(20))).isNotNull();
      TaskView ask = task(skein, "r", "ask");
      assertThat(kinds(ask)).endsWith(Kind.ATTEMPT, Kind.WAIT, Kind.ATTEMPT);
      Segment wait = ask.history().get(ask.history().size() - 2);
      assertThat(Duration.between(wait.startedAt(), wait.endedAt()).toMillis())
          .isBetween(250L, 400L);
    } finally {
      server.stop(0);
    }
  }
}
