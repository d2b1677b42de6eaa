package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
import tools.jackson.databind.JsonNode;

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

  private record Event(String name, String id, JsonNode data) {
    String status() {
      return data.path("status").asString("");
    }
  }

  /// One that is connected.
  private final class Listener implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    final String status;

    Listener(String path, String... headers) throws IOException {
      URI at = URI.create(served.server.url());
      socket = new Socket(at.getHost(), at.getPort());
      socket.setSoTimeout(20_000);
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      status = in.readLine().split(" ", -1)[1];
    }

    /// Null at the end of the stream.
    Event next() throws IOException {
      String name = null;
      String id = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ") && name != null) {
          return new Event(name, id, Json.parse(line.substring(6)));
        } else if (line.equals("0")) {
          return null;
        }
      }
      return null;
    }

    Event until(String name, String status) throws IOException {
      Event event = next();
      while (event != null && !(event.name.equals(name) && event.status().equals(status))) {
        event = next();
      }
      return event;
    }

    List<Event> rest() throws IOException {
      var all = new ArrayList<Event>();
      for (Event event = next(); event != null; event = next()) {
        all.add(event);
      }
      return all;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
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
    try (var listener = new Listener("/api/v1/runs/r/events")) {
      assertThat(listener.until("task", "running").data.path("name").asString()).isEqualTo("paid");
      pay("r");
      List<Event> rest = listener.rest();
      assertThat(rest).extracting(Event::name).contains("task", "run");
      assertThat(rest.getLast().name).isEqualTo("run");
      assertThat(rest.getLast().status()).isEqualTo("completed");
      assertThat(rest.stream().filter(e -> e.data.path("name").asString("").equals("last")))
          .isNotEmpty();
    }
  }

  @Test
  void goesOnWhereTheClientWasCutOffAndStopsAskingAtTheEnd() throws Exception {
    start("r");
    String seen;
    try (var listener = new Listener("/api/v1/runs/r/events")) {
      seen = listener.until("task", "running").id;
    }
    pay("r");
    String last;
    try (var listener = new Listener("/api/v1/runs/r/events", "Last-Event-ID: " + seen + "\r\n")) {
      List<Event> rest = listener.rest();
      List<String> tasks =
          rest.stream()
              .filter(e -> e.name.equals("task"))
              .map(e -> e.data.path("name").asString() + " " + e.status())
              .toList();
      assertThat(tasks).containsExactly("paid completed", "last completed");
      last = rest.getLast().id;
    }
    try (var over = new Listener("/api/v1/runs/r/events", "Last-Event-ID: " + last + "\r\n")) {
      assertThat(over.status).isEqualTo("204");
    }
    try (var wrong = new Listener("/api/v1/runs/r/events", "Last-Event-ID: x\r\n")) {
      assertThat(wrong.status).isEqualTo("400");
    }
    assertThat(served.get("/api/v1/runs/none/events").status()).isEqualTo(404);
  }

  @Test
  void anEventIsThereWithin200MillisecondsOfItsCommit() throws Exception {
    var lags = new ArrayList<Duration>();
    for (int i = 0; i < 30; i++) {
      start("r" + i);
      try (var listener = new Listener("/api/v1/runs/r" + i + "/events")) {
        listener.until("task", "running");
        pay("r" + i);
        Event end = listener.until("run", "completed");
        lags.add(
            Duration.between(Instant.parse(end.data.path("endedAt").asString()), Instant.now()));
      }
    }
    lags.sort(null);
    System.out.println("SSE lag " + lags.get(15) + " " + lags.getLast());
    assertThat(lags.get(lags.size() * 9 / 10)).isLessThan(Duration.ofMillis(200));
  }

  @Test
  void followsAllRunsAndGoesOnAfterABreak() throws Exception {
    String seen;
    try (var listener = new Listener("/api/v1/events/stream")) {
      assertThat(listener.status).isEqualTo("200");
      start("a");
      Event running = listener.until("run", "running");
      assertThat(running.data.path("run").asString()).isEqualTo("a");
      assertThat(running.data.path("workflow").asString()).isEqualTo("shop/steps:1.0.0");
      seen = running.id;
    }
    start("b");
    pay("b");
    try (var listener = new Listener("/api/v1/events/stream", "Last-Event-ID: " + seen + "\r\n")) {
      assertThat(listener.until("run", "completed").data.path("run").asString()).isEqualTo("b");
    }
    try (var lost = new Listener("/api/v1/events/stream", "Last-Event-ID: old-7\r\n")) {
      assertThat(lost.next().name).isEqualTo("lost");
    }
  }

  @Test
  void aClientThatTakesNothingHoldsNobodyBack() throws Exception {
    var slow = new ArrayList<Listener>();
    try {
      for (int i = 0; i < 20; i++) {
        slow.add(new Listener("/api/v1/events/stream"));
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
    try (var listener = new Listener("/api/v1/runs/r/events")) {
      listener.until("task", "running");
      Instant begin = Instant.now();
      served.server.close();
      List<Event> rest = listener.rest();
      assertThat(rest.getLast().name).isEqualTo("reconnect");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(Arrays.asList(served.skein.run("r").status())).containsAnyOf("waiting", "running");
  }
}
