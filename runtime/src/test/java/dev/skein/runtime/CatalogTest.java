package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Functions that are published in catalogs are tasks as if they stood in the workflow.
class CatalogTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final EngineOptions FORGETFUL =
      new EngineOptions(
          Duration.ZERO, 1, 20_000, 20_000, Duration.ofSeconds(30), Duration.ofSeconds(2));
  private static final String GREET =
      """
      input: {schema: {document: {required: [who]}}}
      output: {schema: {document: {type: object}}}
      do:
        - nap: {wait: PT0.01S}
        - say: {set: {text: "${ \\"Hello \\" + .who }"}}
      """;

  @TempDir private Path folder;

  private void publish(String function, String content) throws IOException {
    file("shared/functions/" + function + "/function.yaml", content);
  }

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static String workflow(String use, String... calls) {
    var tasks = new StringBuilder();
    for (int i = 0; i < calls.length; i++) {
      tasks.append("  - t%d: {call: %s}\n".formatted(i, calls[i]));
    }
    return """
    document: {dsl: 1.0.3, namespace: test, name: caller, version: 1.0.0}
    use: {%s}
    do:
    """
            .formatted(use)
        + tasks;
  }

  private static final String SHARED = "catalogs: {shared: {endpoint: shared}}";

  private Skein open() {
    return Skein.open(folder.resolve("data"), FORGETFUL);
  }

  private void deploy(String workflow) {
    try (Skein skein = open()) {
      skein.deployOrReplace(workflow, folder.resolve("flow.yaml"));
    }
  }

  private List<String> refusal(String workflow) {
    return catchThrowableOfType(InvalidDefinition.class, () -> deploy(workflow))
        .diagnostics()
        .stream()
        .map(diagnostic -> diagnostic.format("flow.yaml"))
        .toList();
  }

  private RunView run(String input) throws InterruptedException {
    try (Skein skein = open()) {
      @Nullable RunView run = skein.await(skein.start("caller", Json.parse(input)), PATIENCE);
      assertThat(run).isNotNull();
      return run;
    }
  }

  private JsonNode output(String input) throws InterruptedException {
    RunView run = run(input);
    assertThat(run.status()).as("%s", run.error()).isEqualTo("completed");
    return run.output();
  }

  @Test
  void aFunctionRunsFromWhatWasPublishedAtDeploymentWithItsOwnSchemas() throws Exception {
    publish("greet/1.0.0", GREET);
    deploy(workflow(SHARED, "\"greet:1.0.0@shared\""));
    publish("greet/1.0.0", "set: {text: changed}");
    assertThat(output("{\"who\": \"Ada\"}")).hasToString("{\"text\":\"Hello Ada\"}");
    RunView wrong = run("{}");
    assertThat(wrong.error().path("type").asString()).endsWith("/validation");
    assertThat(wrong.error().path("instance").asString())
        .isEqualTo("/use/catalogs/shared/greet:1.0.0");
  }

  @Test
  void aFunctionGetsWithAsItsInput() throws Exception {
    publish("greet/1.0.0", GREET);
    deploy(workflow(SHARED, "\"greet:1.0.0@shared\", with: {who: \"${ .name }\"}"));
    assertThat(output("{\"name\": \"Grace\"}")).hasToString("{\"text\":\"Hello Grace\"}");
  }

  @Test
  void aFunctionCallsOthersOfItsCatalogAndOfTheWorkflow() throws Exception {
    publish("greet/1.0.0", GREET);
    publish(
        "welcome/2.1.0",
        """
        do:
          - greet: {call: "greet:1.0.0@shared"}
          - loud: {call: loud}
        """);
    deploy(
        workflow(
            SHARED + ", functions: {loud: {set: {text: \"${ .text + \\\"!\\\" }\"}}}",
            "\"welcome:2.1.0@shared\""));
    assertThat(output("{\"who\": \"Ada\"}")).hasToString("{\"text\":\"Hello Ada!\"}");
  }

  @Test
  void aFunctionRefersToFilesBesideItself() throws Exception {
    publish(
        "check/1.0.0", "{set: {ok: true}, input: {schema: {resource: {endpoint: schema.json}}}}");
    file("shared/functions/check/1.0.0/schema.json", "{\"required\": [\"n\"]}");
    // what a function of the workflow refers to is beside the workflow, whoever calls it first
    publish("both/1.0.0", "do: [{a: {call: \"check:1.0.0@shared\"}}, {b: {call: local}}]");
    file("schema.json", "{\"required\": [\"ok\"]}");
    deploy(
        workflow(
            SHARED
                + ", functions: {local: {set: {local: true},"
                + " input: {schema: {resource: {endpoint: schema.json}}}}}",
            "\"both:1.0.0@shared\""));
    assertThat(output("{\"n\": 1}")).hasToString("{\"local\":true}");
    assertThat(run("{\"m\": 1}").error().path("type").asString()).endsWith("/validation");
  }

  @Test
  void aFunctionIsUndoneLikeAnyTask() throws Exception {
    publish(
        "reserve/1.0.0",
        """
        do:
          - hold:
              set: {held: true}
              metadata: {skein: {compensate: [{free: {call: http, with: {method: post, endpoint: "${ $context.server }/free"}}}]}}
        """
            .replace(
                "\"${ $context.server }/free\"",
                "{uri: \"${ $context.server + \\\"/free\\\" }\"}"));
    try (var server = new TestServer()) {
      deploy(
          """
          document: {dsl: 1.0.3, namespace: test, name: caller, version: 1.0.0}
          use: {%s}
          do:
            - first: {set: "${ . }", export: {as: .}}
            - hold: {call: "reserve:1.0.0@shared"}
            - nap: {wait: PT0.01S}
            - no: {raise: {error: {type: "https://shop.example/no", status: 400}}}
          """
              .formatted(SHARED));
      assertThat(run("{\"server\": \"" + server.url() + "\"}").status()).isEqualTo("faulted");
      assertThat(server.requests()).singleElement().asString().startsWith("POST /free");
    }
  }

  @Test
  void whatIsWrongWithAFunctionIsToldAtTheCallWithItsPlace() throws Exception {
    publish("bad/1.0.0", "do:\n  - x: {sett: {a: 1}}\n");
    publish("text/1.0.0", "just text");
    publish("self/1.0.0", "do: [{again: {call: \"self:1.0.0@shared\"}}]");
    assertThat(
            refusal(
                workflow(
                    SHARED,
                    "\"bad:1.0.0@shared\"",
                    "\"text:1.0.0@shared\"",
                    "\"self:1.0.0@shared\"",
                    "\"none:1.0.0@shared\"")))
        .satisfiesExactly(
            bad ->
                assertThat(bad)
                    .startsWith("flow.yaml:4:16 shared/functions/bad/1.0.0/function.yaml:2:9 ")
                    .contains("unknown property 'sett'"),
            text -> assertThat(text).contains("text/1.0.0/function.yaml:1:1 ").contains("object"),
            self -> assertThat(self).contains("the function 'self:1.0.0@shared' calls itself"),
            none -> assertThat(none).contains("none/1.0.0/function.yaml does not exist"));
  }

  @Test
  void aCatalogOnTheWebIsReadWithItsAuthenticationAndItsFunctionsReadNoFiles() throws Exception {
    file("secret.json", "{}");
    var published =
        new ConcurrentHashMap<>(
            Map.of(
                "/c/functions/greet/1.0.0/function.yaml",
                GREET,
                "/c/functions/thief/1.0.0/function.yaml",
                "{set: {a: 1}, input: {schema: {resource: {endpoint: \"%s\"}}}}"
                    .formatted(folder.resolve("secret.json").toUri())));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean known =
              "Bearer key".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          String content = published.get(exchange.getRequestURI().getPath());
          byte[] bytes = content == null ? new byte[0] : content.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? content == null ? 404 : 200 : 401, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    String web = "http://127.0.0.1:" + server.getAddress().getPort() + "/c/";
    String with =
        "catalogs: {web: {endpoint: {uri: \"%s\", authentication: {bearer: {token: key}}}}}"
            .formatted(web);
    try {
      deploy(workflow(with, "\"greet:1.0.0@web\""));
      assertThat(refusal(workflow(with, "\"greet:1.0.1@web\"")))
          .singleElement()
          .asString()
          .contains(web + "functions/greet/1.0.1/function.yaml does not exist: the answer was 404");
      assertThat(refusal(workflow(with, "\"thief:1.0.0@web\"")))
          .singleElement()
          .asString()
          .contains("is not for documents from the web to read");
      String without = "catalogs: {web: {endpoint: \"" + web + "\"}}";
      assertThat(refusal(workflow(without, "\"greet:1.0.0@web\"")))
          .singleElement()
          .asString()
          .contains("is not for us to read: the answer was 401");
    } finally {
      server.stop(0);
    }
    assertThat(output("{\"who\": \"Ada\"}")).hasToString("{\"text\":\"Hello Ada\"}");
  }
}
