package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls of operations of OpenAPI documents, to a real server.
class OpenApiCallsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String API =
      """
      openapi: 3.1.0
      info: {title: Shop, version: "1"}
      servers: [{url: "http://LOCAL/api"}]
      security: [{key: []}]
      paths:
        /orders/{id}:
          put:
            operationId: putOrder
            parameters:
              - {name: id, in: path, required: true, schema: {type: string}}
              - {name: tags, in: query, explode: false, schema: {type: array}}
            requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      components:
        securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
      """;

  @TempDir private Path folder;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes());
          seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          keys.add(exchange.getRequestHeaders().getFirst("X-Key"));
          boolean refused = refusals.getAndDecrement() > 0;
          byte[] answer = "{\"stored\": true}".getBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(refused ? 503 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    String local = "127.0.0.1:" + server.getAddress().getPort();
    Files.writeString(folder.resolve("shop.yaml"), API.replace("LOCAL", local));
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private static final String PUT =
      """
      document: {dsl: 1.0.3, namespace: test, name: api, version: 1.0.0}
      do:
        - put:
            call: openapi
            with:
              document: {endpoint: shop.yaml}
              operationId: putOrder
              parameters:
                id: "${ .id }"
                tags: [a, b]
                body: {count: "${ .count }"}
                X-Key: k1
              output: response
            output: {as: "{status: .statusCode, content}"}
      """;

  private Skein skein(String yaml) {
    var read = Settings.read(yaml);
    assertThat(read.diagnostics()).isEmpty();
    return Skein.open(folder.resolve("data"), EngineOptions.DEFAULT, read.result());
  }

  @Test
  void parametersAreEvaluatedAndGoWhereTheDocumentSays() throws Exception {
    try (Skein skein = skein("")) {
      skein.deploy(PUT, folder.resolve("api.yaml"));
      RunView run =
          skein.await(skein.start("api", Json.parse("{\"id\": \"o 1\", \"count\": 2}")), PATIENCE);
      assertThat(run.output())
          .isEqualTo(Json.parse("{\"status\": 200, \"content\": {\"stored\": true}}"));
      assertThat(seen).containsExactly("PUT /api/orders/o%201?tags=a,b {\"count\":2}");
      assertThat(keys).containsExactly("k1");
    }
  }

  @Test
  void policiesApplyByOperation() throws Exception {
    refusals.set(1);
    String settings =
        """
        integrations:
          shop:
            match: {operations: [putOrder]}
            retry: {attempts: 2, backoff: {first: PT0.01S}}
        """;
    try (Skein skein = skein(settings)) {
      skein.deploy(PUT, folder.resolve("api.yaml"));
      RunView run =
          skein.await(skein.start("api", Json.parse("{\"id\": \"1\", \"count\": 2}")), PATIENCE);
      assertThat(run.status()).isEqualTo("completed");
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void aRunUsesTheDocumentThatWasThereWhenItsWorkflowWasDeployed() throws Exception {
    String waiting = PUT.replace("do:\n", "do:\n  - nap: {wait: PT1S}\n");
    String taking = waiting.replace("${ .id }", "${ $workflow.input.id }");
    try (Skein skein = skein("")) {
      skein.deploy(taking.replace("${ .count }", "1"), folder.resolve("api.yaml"));
      skein.start("api", Json.parse("{\"id\": \"1\"}"), "r");
    }
    Files.writeString(folder.resolve("shop.yaml"), "openapi: 3.1.0\npaths: {}\n");
    try (Skein skein = skein("")) {
      assertThat(skein.await("r", PATIENCE).status()).isEqualTo("completed");
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void whatTheDocumentDoesNotHaveRefusesTheWorkflow() throws Exception {
    try (Skein skein = skein("")) {
      assertThat(refusal(skein, PUT.replace("operationId: putOrder", "operationId: putOrdr")))
          .containsExactly(
              "api.yaml:7:22 the API has no operation 'putOrdr'; did you mean 'putOrder'?");
      assertThat(
              refusal(
                  skein,
                  PUT.replace("tags:", "tag:").replace("          id: ", "          ident: ")))
          .containsExactly(
              "api.yaml:9:11 putOrder needs the parameter 'id'",
              "api.yaml:9:18 putOrder has no parameter 'ident'; there are: X-Key, id, tags, body",
              "api.yaml:10:16 putOrder has no parameter 'tag'; did you mean 'tags'?");
      Files.writeString(folder.resolve("shop.yaml"), "openapi: 3.1.0\n");
      assertThat(refusal(skein, PUT))
          .containsExactly("api.yaml:6:19 shop.yaml is no OpenAPI document: it has no 'paths'");
    }
  }

  private List<String> refusal(Skein skein, String yaml) {
    try {
      skein.deploy(yaml, folder.resolve("api.yaml"));
      return List.of();
    } catch (InvalidDefinition e) {
      return e.diagnostics().stream().map(it -> it.format("api.yaml")).toList();
    }
  }

  @Test
  void whatOnlyARunKnowsIsAConfigurationErrorOfIt() throws Exception {
    String open = PUT.replaceAll("(?s)parameters:.*X-Key: k1", "parameters: \"\\${ . }\"");
    String fromInput = open.replace("\"${ . }\"", "{id: \"1\", body: \"${ .body }\"}");
    try (Skein skein = skein("")) {
      skein.deploy(
          fromInput.replace("operationId: putOrder", "operationId: \"${ .op }\""),
          folder.resolve("api.yaml"));
      RunView run = skein.await(skein.start("api", Json.parse("{\"op\": \"x\"}")), PATIENCE);
      assertThat(run.error().path("type").asString()).endsWith("/configuration");
      assertThat(run.error().path("detail").asString()).isEqualTo("shop.yaml has no operation 'x'");
    }
  }
}
