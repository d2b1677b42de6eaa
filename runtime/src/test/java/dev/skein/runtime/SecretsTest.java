package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Secrets work, and are never written down.
class SecretsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PASSWORD = "hunter2-öäü-horse/battery";
  private static final String TOKEN = "tok-4711-staple";

  /// Leaves memory at every wait and saves a checkpoint at every chance.
  private static final EngineOptions FORGETFUL =
      new EngineOptions(
          Duration.ZERO, 1, 20_000, 20_000, Duration.ofSeconds(30), Duration.ofSeconds(2));

  @TempDir private Path data;

  private void secrets() throws IOException {
    Files.createDirectories(data.resolve("secrets"));
    Files.writeString(
        data.resolve("secrets/shop"),
        "{\"username\": \"ada\", \"password\": \"" + PASSWORD + "\"}\n");
    Files.writeString(data.resolve("secrets/api-token"), TOKEN + "\n");
  }

  private RunView run(String workflow, String input) throws Exception {
    try (Skein skein = Skein.open(data, FORGETFUL)) {
      skein.deploy(
          "document: {dsl: 1.0.3, namespace: test, name: secrets, version: 1.0.0}\n" + workflow);
      RunView run =
          skein.await(
              skein.start("secrets", dev.skein.interpreter.Json.parse(input), "r"), PATIENCE);
      assertThat(skein.tasks("r").toString()).doesNotContain(TOKEN, PASSWORD);
      return run;
    }
  }

  /// Everything that was written but the secrets themselves.
  private void nothingGivesThemAway() throws IOException {
    List<String> forms =
        Stream.of(PASSWORD, TOKEN, "ada:" + PASSWORD)
            .flatMap(s ->
                Stream.of(
                    s, Base64.getEncoder().encodeToString(s.getBytes(StandardCharsets.UTF_8))))
            .toList();
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String form : forms) {
          String written =
              new String(form.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
          assertThat(bytes.contains(written)).as(form + " in " + file).isFalse();
        }
      }
    }
  }

  @Test
  void aSecretReachesTheCallAndComesBackAsStars() throws Exception {
    secrets();
    try (var server = new TestServer()) {
      RunView run =
          run(
              """
              use:
                secrets: [shop, api-token]
                authentications: {shop: {basic: {use: shop}}}
              do:
                - ask:
                    call: http
                    with:
                      method: post
                      endpoint: {uri: "${ .server + \\"/x\\" }", authentication: {use: shop}}
                      body: {token: "${ $secrets[\\"api-token\\"] }", text: "it is ${ $secrets.shop.password }!"}
                    output: {as: .body}
                - nap: {wait: PT0.01S}
                - again:
                    call: http
                    with: {method: post, endpoint: "${ $workflow.input.server + \\"/again\\" }", body: "${ . }"}
              """,
              "{\"server\": \"" + server.url() + "\"}");
      String sent = "{\"token\":\"%s\",\"text\":\"it is %s!\"}".formatted(TOKEN, PASSWORD);
      assertThat(server.requests()).containsExactly("POST /x " + sent, "POST /again " + sent);
      JsonNode body = run.output().path("body");
      assertThat(body.toString()).isEqualTo("{\"token\":\"***\",\"text\":\"it is ***!\"}");
    }
    nothingGivesThemAway();
  }

  @Test
  void anErrorThatQuotesASecretDoesNot() throws Exception {
    secrets();
    RunView run =
        run(
            """
            use: {secrets: [shop, api-token]}
            do:
              - a:
                  try: [{x: {set: {n: "${ $secrets.shop.password + 1 }"}}}]
                  catch: {as: e, do: [{shown: {set: {detail: "${ $e.detail }"}, export: {as: .}}}]}
              - nap: {wait: PT0.01S}
              - b: {raise: {error: {type: "https://x.test/no", status: 400, detail: "${ \\"with \\" + $secrets[\\"api-token\\"] }"}}}
            """,
            "{}");
    assertThat(run.status()).isEqualTo("faulted");
    assertThat(run.error().path("detail").asString()).isEqualTo("with ***");
    nothingGivesThemAway();
  }

  @Test
  void dataThatLooksLikeAReferenceToASecretIsOnlyData() throws Exception {
    secrets();
    try (var server = new TestServer()) {
      RunView run =
          run(
              """
              use: {secrets: [api-token]}
              do:
                - a: {set: {trap: "${ .trap }", server: "${ .server }"}}
                - nap: {wait: PT0.01S}
                - b: {call: http, with: {method: post, endpoint: "${ .server + \\"/x\\" }", body: {trap: "${ .trap }"}}, output: {as: .body.trap}}
                - nap2: {wait: PT0.01S}
                - c: {set: {got: "${ . }"}}
              """,
              "{\"server\": \"" + server.url() + "\", \"trap\": \"\\uE000api-token\\uE001\"}");
      assertThat(server.requests()).containsExactly("POST /x {\"trap\":\"\uE000api-token\uE001\"}");
      assertThat(run.output().path("got").asString()).isEqualTo("\uE000api-token\uE001");
    }
  }
}
