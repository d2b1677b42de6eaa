package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The REST API, over HTTP.
class ServerTest {
  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private Skein skein;
  private Server server;

  @BeforeEach
  void serve() {
    skein = Skein.open(data);
    server = new Server(skein, "127.0.0.1", 0);
  }

  @AfterEach
  void close() {
    server.close();
    skein.close();
    client.close();
  }

  private record Got(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      return Json.parse(body);
    }
  }

  private Got send(String method, String path, String body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Got(response.statusCode(), response.body(), response);
  }

  private Got get(String path) throws Exception {
    return send("GET", path, "");
  }

  private Got post(String path, String body) throws Exception {
    return send("POST", path, body, "Content-Type", "application/json");
  }

  private static final String GREET =
      """
      document: {dsl: 1.0.3, namespace: shop, name: greet, version: 1.0.0}
      input: {schema: {document: {type: object, properties: {who: {type: string}}}}}
      do: [{greet: {set: {greeting: '${ "Hello, " + .who }'}}}]
      """;

  private static final String LISTEN =
      """
      document: {dsl: 1.0.3, namespace: shop, name: wait, version: 1.0.0}
      do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
      """;

  private static String start(String name, String more) {
    return "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"" + name + "\"}" + more + "}";
  }

  @Test
  void deploysReadsAndRefusesWorkflows() throws Exception {
    Got deployed = post("/api/v1/definitions", GREET);
    assertThat(deployed.status).isEqualTo(201);
    assertThat(deployed.json())
        .isEqualTo(
            Json.parse("{\"namespace\": \"shop\", \"name\": \"greet\", \"version\": \"1.0.0\"}"));
    String location = deployed.response.headers().firstValue("Location").orElseThrow();
    assertThat(get(location).json().path("source").asString()).isEqualTo(GREET);
    assertThat(send("GET", location, "", "Accept", "application/yaml").body).isEqualTo(GREET);
    assertThat(get(location + "/graph.svg").body).startsWith("<svg");
    assertThat(get(location + "/schema").json().at("/properties/who/type").asString())
        .isEqualTo("string");
    assertThat(get("/api/v1/definitions").json().path("definitions")).hasSize(1);
    String other = GREET.replace("Hello", "Good day");
    Got conflict = post("/api/v1/definitions", other);
    assertThat(conflict.status).isEqualTo(409);
    assertThat(conflict.json().path("code").asString()).isEqualTo("version-exists");
    assertThat(post("/api/v1/definitions?replace=true", other).status).isEqualTo(201);
    Got wrong = post("/api/v1/definitions", GREET.replace("set:", "sett:"));
    assertThat(wrong.status).isEqualTo(400);
    JsonNode diagnostic = wrong.json().path("diagnostics").get(0);
    assertThat(diagnostic.path("line").intValue()).isEqualTo(3);
    assertThat(diagnostic.path("message").asString()).contains("sett");
    assertThat(get("/api/v1/definitions/shop/greet/9.9.9").status).isEqualTo(404);
  }

  @Test
  void startsARunOnceForEachIdAndWaitsForIt() throws Exception {
    post("/api/v1/definitions", GREET);
    String body =
        start(
            "greet",
            ", \"id\": \"g1\", \"input\": {\"who\": \"Ada\"}, \"priority\": 2,"
                + " \"attributes\": {\"order\": 7}");
    Got started = post("/api/v1/runs?wait=PT10S", body);
    assertThat(started.status).isEqualTo(200);
    assertThat(started.json().at("/output/greeting").asString()).isEqualTo("Hello, Ada");
    assertThat(started.json().at("/attributes/order").asString()).isEqualTo("7");
    assertThat(started.json().path("priority").intValue()).isEqualTo(2);
    Got again = post("/api/v1/runs", body);
    assertThat(again.status).isEqualTo(200);
    assertThat(again.json().path("status").asString()).isEqualTo("completed");
    Got fresh = post("/api/v1/runs", start("greet", ""));
    assertThat(fresh.status).isEqualTo(201);
    String location = fresh.response.headers().firstValue("Location").orElseThrow();
    assertThat(get(location).json().path("id").asString())
        .isEqualTo(fresh.json().path("id").asString());
    assertThat(get("/api/v1/runs/g1/tasks").json().get(0).path("name").asString())
        .isEqualTo("greet");
    JsonNode journal = get("/api/v1/runs/g1/journal").json();
    assertThat(journal.at("/entries/0/kind").asString()).isEqualTo("run-started");
    assertThat(journal.at("/entries/0/input/who").asString()).isEqualTo("Ada");
    var paged = new ArrayList<JsonNode>();
    for (String next = ""; next != null; ) {
      JsonNode page = get("/api/v1/runs/g1/journal?limit=1" + next).json();
      page.path("entries").forEach(paged::add);
      next = page.has("next") ? "&cursor=" + page.path("next").asString() : null;
    }
    assertThat(paged).hasSameSizeAs(journal.path("entries"));
    assertThat(get("/api/v1/runs/g1/graph.svg").body).startsWith("<svg");
    post("/api/v1/definitions", LISTEN);
    Got conflict = post("/api/v1/runs", start("wait", ", \"id\": \"g1\""));
    assertThat(conflict.status).isEqualTo(409);
  }

  @Test
  void takesEventsInEveryMode() throws Exception {
    post("/api/v1/definitions", LISTEN);
    for (String id : new String[] {"a", "b", "c"}) {
      assertThat(post("/api/v1/runs?wait=PT0.3S", start("wait", ", \"id\": \"" + id + "\"")).status)
          .isEqualTo(202);
      assertThat(get("/api/v1/runs/" + id + "/why").json().at("/waitingFor/0/what").asString())
          .contains("com.example.paid");
      Got sent =
          switch (id) {
            case "a" ->
                send(
                    "POST",
                    "/api/v1/events",
                    "{\"id\": \"1\", \"source\": \"s\", \"type\": \"com.example.paid\", \"data\": 1}",
                    "Content-Type",
                    "application/cloudevents+json");
            case "b" ->
                send(
                    "POST",
                    "/api/v1/events",
                    "[{\"id\": \"2\", \"source\": \"s\", \"type\": \"com.example.paid\", \"data\": 2}]",
                    "Content-Type",
                    "application/cloudevents-batch+json");
            default ->
                send(
                    "POST",
                    "/api/v1/events",
                    "3",
                    "Content-Type",
                    "application/json",
                    "ce-id",
                    "3",
                    "ce-source",
                    "s",
                    "ce-type",
                    "com.example.paid",
                    "ce-specversion",
                    "1.0");
          };
      assertThat(sent.status).isEqualTo(202);
      JsonNode run =
          post("/api/v1/runs?wait=PT10S", start("wait", ", \"id\": \"" + id + "\"")).json();
      assertThat(run.path("output").get(0).intValue()).isEqualTo(id.charAt(0) - 'a' + 1);
    }
    Got bad = post("/api/v1/events", "{\"id\": \"1\"}");
    assertThat(bad.status).isEqualTo(400);
    assertThat(bad.json().path("detail").asString()).contains("'source'");
  }

  @Test
  void actsOnRuns() throws Exception {
    post("/api/v1/definitions", LISTEN);
    post("/api/v1/runs", start("wait", ", \"id\": \"r\""));
    assertThat(post("/api/v1/runs/r/suspend", "{\"reason\": \"lunch\"}").status).isEqualTo(202);
    assertThat(get("/api/v1/runs/r").json().path("status").asString()).isEqualTo("suspended");
    assertThat(post("/api/v1/runs/r/resume", "").status).isEqualTo(202);
    assertThat(
            post("/api/v1/runs/r/signal", "{\"name\": \"com.example.paid\", \"data\": 5}").status)
        .isEqualTo(202);
    assertThat(
            post("/api/v1/runs?wait=PT10S", start("wait", ", \"id\": \"r\""))
                .json()
                .path("output")
                .get(0)
                .intValue())
        .isEqualTo(5);
    assertThat(post("/api/v1/runs/r/signal", "{\"name\": \"x\"}").status).isEqualTo(409);
    post("/api/v1/runs", start("wait", ", \"id\": \"q\""));
    assertThat(post("/api/v1/runs/q/cancel", "{\"reason\": \"no\"}").status).isEqualTo(202);
    assertThat(
            post("/api/v1/runs?wait=PT10S", start("wait", ", \"id\": \"q\""))
                .json()
                .path("status")
                .asString())
        .isEqualTo("cancelled");
  }

  @Test
  void listsRunsInPagesThatGoOn() throws Exception {
    post("/api/v1/definitions", GREET);
    for (int i = 0; i < 25; i++) {
      post("/api/v1/runs?wait=PT10S", start("greet", ", \"id\": \"n" + i + "\""));
    }
    JsonNode first = get("/api/v1/runs?limit=10&workflow=greet&status=completed").json();
    assertThat(first.path("runs")).hasSize(10);
    assertThat(first.path("runs").get(0).path("id").asString()).isEqualTo("n24");
    String cursor = first.path("next").asString();
    JsonNode second = get("/api/v1/runs?limit=20&cursor=" + cursor).json();
    assertThat(second.path("runs")).hasSize(15);
    assertThat(second.path("runs").get(0).path("id").asString()).isEqualTo("n14");
    assertThat(second.has("next")).isFalse();
  }

  @Test
  void everyErrorIsAProblemWithACode() throws Exception {
    for (String path :
        new String[] {"/api/v1/nothing", "/api/v1/runs/none", "/api/v1/runs/none/why"}) {
      Got missing = get(path);
      assertThat(missing.status).as(path).isEqualTo(404);
      assertThat(missing.response.headers().firstValue("Content-Type").orElse(""))
          .isEqualTo("application/problem+json");
      assertThat(missing.json().path("code").asString()).isNotEmpty();
    }
    Got method = send("DELETE", "/api/v1/runs", "");
    assertThat(method.status).isEqualTo(405);
    assertThat(method.response.headers().firstValue("Allow")).contains("GET, HEAD, POST");
    for (String body :
        new String[] {"{", "[]", "{}", "{\"workflow\": 1}", "{\"workflow\": {\"name\": 7}}"}) {
      Got bad = post("/api/v1/runs", body);
      assertThat(bad.status).as(body).isEqualTo(400);
      assertThat(bad.json().path("code").asString()).isEqualTo("malformed");
    }
    assertThat(get("/api/v1/runs?limit=0").status).isEqualTo(400);
    assertThat(get("/api/v1/runs?cursor=x").status).isEqualTo(400);
    assertThat(get("/api/v1/runs?status=odd").status).isEqualTo(400);
    assertThat(raw("GET /api/v1/runs/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    Got named = send("GET", "/api/v1/nothing", "", "X-Request-Id", "abc-1");
    assertThat(named.json().path("requestId").asString()).isEqualTo("abc-1");
    assertThat(named.response.headers().firstValue("X-Request-Id")).contains("abc-1");
    byte[] large = new byte[17 * 1024 * 1024];
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/events"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(large))
            .build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(413);
  }

  private String raw(String request) throws Exception {
    URI at = URI.create(server.url());
    try (var socket = new Socket(at.getHost(), at.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aServerThatHasItsStoreAloneShowsItselfAsTheOneNode() throws Exception {
    JsonNode nodes = get("/api/v1/nodes").json();
    assertThat(nodes).hasSize(1);
    JsonNode only = nodes.get(0);
    assertThat(only.path("self").asBoolean()).isTrue();
    assertThat(only.path("leader").asBoolean()).isTrue();
    assertThat(only.path("leaseExpiresAt").isNull()).isTrue();
    assertThat(only.path("runs").path("open").asInt()).isZero();
    assertThat(only.path("commit").path("queue").asInt()).isZero();
  }

  @Test
  void tellsThatItIsWell() throws Exception {
    assertThat(get("/health/live").status).isEqualTo(200);
    assertThat(get("/health/ready").json().path("status").asString()).isEqualTo("up");
    assertThat(get("/api/v1/integrations").json().path("integrations").isArray()).isTrue();
  }
}
