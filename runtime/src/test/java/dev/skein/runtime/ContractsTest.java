package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import dev.skein.connectors.integration.Notices;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.settings.InvalidSettings;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Calls of workflows held against the contract of an integration, to a real server.
class ContractsTest {
  private static final String API =
      """
      openapi: 3.1.0
      info: {title: Pay, version: "1"}
      paths:
        /pay:
          post:
            operationId: pay
            requestBody:
              required: true
              content:
                application/json:
                  schema: {type: object, required: [cents], properties: {cents: {type: integer}}}
            responses:
              "200":
                description: paid
                content:
                  application/json:
                    schema: {type: object, required: [id], properties: {id: {type: string}}}
      """;
  private static final String SETTINGS =
      """
      integrations:
        pay:
          match: {hosts: [localhost]}
          retry: {attempts: 3, on: [500]}
          contract: {openapi: apis/pay.yaml%s}
      """;

  @TempDir private Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile String answer = "{\"id\": \"p1\"}";
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    Files.createDirectories(folder.resolve("apis"));
    Files.writeString(folder.resolve("apis/pay.yaml"), API);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Settings settings(String more) throws IOException {
    return Settings.load(Files.writeString(folder.resolve("skein.yaml"), SETTINGS.formatted(more)));
  }

  /// The run's output: what was answered, or the error that was caught.
  private JsonNode pay(Skein skein, String body) throws Exception {
    skein.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: pay, version: 1.0.0}
        do:
          - pay:
              try:
                - call: {call: http, with: {method: post, endpoint: "http://localhost:%d/pay", body: "${ .body }"}}
              catch: {as: error, do: [{tell: {set: {error: "${ $error }"}}}]}
        """
            .formatted(server.getAddress().getPort()));
    String id = "run-" + requests.get() + body.hashCode();
    skein.start("pay", Map.of("body", Json.parse(body)), id);
    RunView view = skein.await(id, Duration.ofSeconds(30));
    return view.output();
  }

  @Test
  void aRequestThatBreaksItIsNotSent() throws Exception {
    try (Skein skein = Skein.open(folder.resolve("data"), EngineOptions.DEFAULT, settings(""))) {
      assertThat(pay(skein, "{\"cents\": 5}").path("id").asString()).isEqualTo("p1");
      JsonNode error = pay(skein, "{\"cents\": \"five\"}").path("error");
      assertThat(error.path("type").asString()).endsWith("/errors/validation");
      assertThat(error.path("status").intValue()).isEqualTo(400);
      assertThat(error.path("detail").asString())
          .isEqualTo(
              "the request is not what apis/pay.yaml says of pay: /cents string found, integer"
                  + " expected");
      assertThat(requests).hasValue(1);
    }
  }

  @Test
  void anAnswerThatBreaksItIsTold() throws Exception {
    answer = "{\"id\": 5}";
    try (Skein skein = Skein.open(folder.resolve("data"), EngineOptions.DEFAULT, settings(""))) {
      assertThat(pay(skein, "{\"cents\": 5}").path("id").intValue()).isEqualTo(5);
      assertThat(skein.overview().notices())
          .extracting(Notices.Notice::kind, Notices.Notice::what)
          .containsExactly(
              tuple(
                  Notices.Kind.CONTRACT,
                  "the answer is not what apis/pay.yaml says of pay: /id integer found, string"
                      + " expected"));
    }
  }

  @Test
  void anAnswerThatBreaksItFailsTheCallIfThatIsAgreed() throws Exception {
    answer = "{\"id\": 5}";
    Settings strict = settings(", response: enforce");
    try (Skein skein = Skein.open(folder.resolve("data"), EngineOptions.DEFAULT, strict)) {
      JsonNode error = pay(skein, "{\"cents\": 5}").path("error");
      assertThat(error.path("type").asString()).endsWith("/errors/validation");
      assertThat(error.path("status").intValue()).isEqualTo(500);
      assertThat(requests).as("it was done, and is not done again").hasValue(1);
    }
  }

  @Test
  void whatIsOffIsLetPass() throws Exception {
    answer = "{\"id\": 5}";
    Settings off = settings(", request: off, response: off");
    try (Skein skein = Skein.open(folder.resolve("data"), EngineOptions.DEFAULT, off)) {
      assertThat(pay(skein, "{\"cents\": \"five\"}").path("id").intValue()).isEqualTo(5);
      assertThat(skein.overview().notices()).isEmpty();
    }
  }

  @Test
  void whatIsWrongWithAContractIsToldWhereItIsNamed() throws Exception {
    Map<String, String> wrong =
        Map.of(
            "apis/none.yaml", "apis/none.yaml does not exist",
            "apis", "apis is a folder",
            "apis/torn.yaml", "apis/torn.yaml:1:",
            "apis/hole.yaml",
                "apis/hole.yaml is no OpenAPI document: '#/components/schemas/Gone' leads to nothing",
            "http://x/api.yaml", "'http://x/api.yaml' is no file");
    Files.writeString(folder.resolve("apis/torn.yaml"), "openapi: [3");
    Files.writeString(
        folder.resolve("apis/hole.yaml"),
        API.replace("{type: string}", "{$ref: '#/components/schemas/Gone'}"));
    for (Map.Entry<String, String> one : wrong.entrySet()) {
      Path file = folder.resolve("skein.yaml");
      Files.writeString(file, SETTINGS.formatted("").replace("apis/pay.yaml", one.getKey()));
      assertThatThrownBy(() -> Settings.load(file))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageContaining("skein.yaml:5:")
          .hasMessageContaining(one.getValue());
    }
  }
}
