package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.server.Listener.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Server-sent events, as a client on a socket sees them.
class LiveTest {
  private static final String STEPS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: steps, version: 1.0.0}
      do:
        - first: {set: {n: 1}}
        - paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}
        - last: {set: {n: 2}}
      """;

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(data);
    served.deploy(STEPS);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private Listener listen(String path, String... headers) throws IOException {
    return new Listener(served.server.url() + path, headers);
  }

  private void start(String id) {
    served.post(
        "/api/v1/runs",
        "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"steps\"}, \"id\": \"" + id + "\"}");
  }

  private void pay(String id) {
    served.post("/api/v1/runs/" + id + "/signal", "{\"name\": \"com.example.paid\"}");
  }

  @Test
  void tellsOfARunFromItsBeginningToItsEnd() throws Exception {
    start("r");
    try (var listener = listen("/api/v1/runs/r/events")) {
      assertThat(listener.until("task", "running").data().path("name").asString())
          .isEqualTo("paid");
      pay("r");
      List<Event> rest = listener.rest();
      assertThat(rest).extracting(Event::name).contains("task", "run");
      assertThat(rest.getLast().name()).isEqualTo("run");
      assertThat(rest.getLast().status()).isEqualTo("completed");
      assertThat(rest.stream().filter(e -> e.data().path("name").asString("").equals("last")))
          .isNotEmpty();
    }
  }

  @Test
  void goesOnWhereTheClientWasCutOffAndStopsAskingAtTheEnd() throws Exception {
    start("r");
    String seen;
    try (var listener = listen("/api/v1/runs/r/events")) {
      seen = listener.until("task", "running").id();
    }
    pay("r");
    String last;
    try (var listener = listen("/api/v1/runs/r/events", "Last-Event-ID: " + seen + "\r\n")) {
      List<Event> rest = listener.rest();
      List<String> tasks =
          rest.stream()
              .filter(e -> e.name().equals("task"))
              .map(e -> e.data().path("name").asString() + " " + e.status())
              .toList();
      assertThat(tasks).containsExactly("paid completed", "last completed");
      last = rest.getLast().id();
    }
    try (var over = listen("/api/v1/runs/r/events", "Last-Event-ID: " + last + "\r\n")) {
      assertThat(over.status).isEqualTo("204");
    }
    try (var wrong = listen("/api/v1/runs/r/events", "Last-Event-ID: x\r\n")) {
      assertThat(wrong.status).isEqualTo("400");
    }
    assertThat(served.get("/api/v1/runs/none/events").status()).isEqualTo(404);
  }

  @Test
  void anEventIsThereWithin200MillisecondsOfItsCommit() throws Exception {
    var lags = new ArrayList<Duration>();
    for (int i = 0; i < 30; i++) {
      start("r" + i);
      try (var listener = listen("/api/v1/runs/r" + i + "/events")) {
        listener.until("task", "running");
        pay("r" + i);
        Event end = listener.until("run", "completed");
        lags.add(
            Duration.between(Instant.parse(end.data().path("endedAt").asString()), Instant.now()));
      }
    }
    lags.sort(null);
    System.out.println("SSE lag " + lags.get(15) + " " + lags.getLast());
    assertThat(lags.get(lags.size() * 9 / 10)).isLessThan(Duration.ofMillis(200));
  }

  @Test
  void followsAllRunsAndGoesOnAfterABreak() throws Exception {
    String seen;
    try (var listener = listen("/api/v1/events/stream")) {
      assertThat(listener.status).isEqualTo("200");
      start("a");
      Event running = listener.until("run", "running");
      assertThat(running.data().path("run").asString()).isEqualTo("a");
      assertThat(running.data().path("workflow").asString()).isEqualTo("shop/steps:1.0.0");
      seen = running.id();
    }
    start("b");
    pay("b");
    try (var listener = listen("/api/v1/events/stream", "Last-Event-ID: " + seen + "\r\n")) {
      assertThat(listener.until("run", "completed").data().path("run").asString()).isEqualTo("b");
    }
    try (var lost = listen("/api/v1/events/stream", "Last-Event-ID: old-7\r\n")) {
      assertThat(lost.next().name()).isEqualTo("lost");
    }
  }

  @Test
  void aClientThatTakesNothingHoldsNobodyBack() throws Exception {
    var slow = new ArrayList<Listener>();
    try {
      for (int i = 0; i < 20; i++) {
        slow.add(listen("/api/v1/events/stream"));
      }
      Instant begin = Instant.now();
      for (int i = 0; i < 200; i++) {
        start("n" + i);
        pay("n" + i);
      }
      var end =
          served.post(
              "/api/v1/runs?wait=PT20S",
              "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"steps\"}, \"id\": \"n199\"}");
      assertThat(end.json().path("status").asString()).isEqualTo("completed");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(20));
    } finally {
      for (Listener one : slow) {
        one.close();
      }
    }
  }

  @Test
  void tellsClientsToComeBackWhenTheServerGoes() throws Exception {
    start("r");
    try (var listener = listen("/api/v1/runs/r/events")) {
      listener.until("task", "running");
      Instant begin = Instant.now();
      served.server.close();
      List<Event> rest = listener.rest();
      assertThat(rest.getLast().name()).isEqualTo("reconnect");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(Arrays.asList(served.skein.run("r").status())).containsAnyOf("waiting", "running");
  }
}
