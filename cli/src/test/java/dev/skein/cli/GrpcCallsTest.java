package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// gRPC calls of workflows, to a real server.
class GrpcCallsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private MirrorService mirror;

  @BeforeEach
  void open() throws IOException {
    mirror = new MirrorService();
    Files.writeString(folder.resolve("mirror.proto"), MirrorService.PROTO);
  }

  @AfterEach
  void close() {
    mirror.close();
  }

  private String workflow(String tasks) {
    return "document: {dsl: 1.0.3, namespace: test, name: grpc, version: 1.0.0}\n"
        + tasks
            .replace("MIRROR", "{name: mirror.Mirror, host: 127.0.0.1, port: %d}")
            .replace("%d", String.valueOf(mirror.port()));
  }

  private Skein skein(String yaml) {
    var read = Settings.read(yaml);
    assertThat(read.diagnostics()).isEmpty();
    return Skein.open(folder.resolve("data"), EngineOptions.DEFAULT, read.result());
  }

  private RunView run(Skein skein, String tasks, String input) throws Exception {
    skein.deploy(workflow(tasks), folder.resolve("grpc.yaml"));
    RunView run = skein.await(skein.start("grpc", Json.parse(input), "g"), PATIENCE);
    assertThat(run).isNotNull();
    return run;
  }

  private static final String SHOW =
      """
      do:
        - show:
            call: grpc
            with:
              proto: {endpoint: mirror.proto}
              service: MIRROR
              method: Show
              arguments: {name: "${ .who }", age: 36}
      """;

  @Test
  void aCallsArgumentsAreEvaluatedAndItsAnswerIsTheOutput() throws Exception {
    try (Skein skein = skein("")) {
      RunView run = run(skein, SHOW, "{\"who\": \"Ada\"}");
      assertThat(run.output()).isEqualTo(Json.parse("{\"name\": \"Ada\", \"age\": 36}"));
      assertThat(mirror.sent("idempotency-key")).containsExactly("g:/do/0/show");
    }
  }

  @Test
  void aStreamIsGivenAndTakenAsAnArray() throws Exception {
    try (Skein skein = skein("")) {
      RunView run =
          run(
              skein,
              """
              do:
                - follow:
                    call: grpc
                    with:
                      proto: {endpoint: mirror.proto}
                      service: MIRROR
                      method: Follow
                      arguments: {messages: "${ [.names[] | {name: .}] }"}
                    output: {as: "[.[] | .name]"}
              """,
              "{\"names\": [\"a\", \"b\"]}");
      assertThat(run.output()).isEqualTo(Json.parse("[\"a\", \"b\"]"));
    }
  }

  @Test
  void policiesOfSkeinYamlApplyByOperation() throws Exception {
    mirror.refusals.set(2);
    try (Skein skein =
        skein(
            """
            integrations:
              mirror:
                match: {operations: [mirror.Mirror/Show]}
                retry: {attempts: 3, on: [503], backoff: {first: PT0.01S}}
            """)) {
      RunView run = run(skein, SHOW, "{\"who\": \"Ada\"}");
      assertThat(run.status()).isEqualTo("completed");
      assertThat(mirror.sent("idempotency-key"))
          .containsExactly("g:/do/0/show", "g:/do/0/show", "g:/do/0/show");
    }
  }

  @Test
  void aStatusIsAnErrorThatCanBeCaught() throws Exception {
    mirror.refusals.set(1);
    try (Skein skein = skein("")) {
      RunView run =
          run(
              skein,
              """
              do:
                - careful:
                    try:
                      - show:
                          call: grpc
                          with:
                            proto: {endpoint: mirror.proto}
                            service: MIRROR
                            method: Show
                    catch:
                      errors: {with: {status: 503}}
                      do:
                        - told: {set: "${ $error }"}
              """,
              "{}");
      assertThat(run.output().path("title").asString()).isEqualTo("UNAVAILABLE");
      assertThat(run.output().path("type").asString()).endsWith("/communication");
      assertThat(run.output().path("instance").asString()).isEqualTo("/do/0/careful/try/0/show");
      assertThat(run.output().path("detail").asString()).contains("not yet");
    }
  }

  @Test
  void anAnsweredCallIsNotMadeAgainAfterARestart() throws Exception {
    String tasks = SHOW + "  - nap: {wait: PT1S}\n  - again: {set: {seen: \"${ .name }\"}}\n";
    try (Skein skein = skein("")) {
      skein.deploy(workflow(tasks), folder.resolve("grpc.yaml"));
      skein.start("grpc", Json.parse("{\"who\": \"Ada\"}"), "g");
      while (skein.tasks("g").size() < 2) { // the nap has begun
        assertThat(skein.await("g", Duration.ofMillis(50))).isNull();
      }
    }
    Files.delete(folder.resolve("mirror.proto"));
    try (Skein skein = skein("")) {
      RunView run = skein.await("g", PATIENCE);
      assertThat(run.output()).isEqualTo(Json.parse("{\"seen\": \"Ada\"}"));
      assertThat(mirror.seen).hasSize(1);
    }
  }

  @Test
  void aRunUsesTheProtoThatWasThereWhenItsWorkflowWasDeployed() throws Exception {
    String tasks = "do:\n  - nap: {wait: PT1S}\n" + SHOW.substring("do:\n".length());
    try (Skein skein = skein("")) {
      skein.deploy(workflow(tasks), folder.resolve("grpc.yaml"));
      skein.start("grpc", Json.parse("{\"who\": \"Ada\"}"), "g");
    }
    Files.writeString(folder.resolve("mirror.proto"), "syntax = \"proto3\";");
    try (Skein skein = skein("")) {
      assertThat(skein.await("g", PATIENCE).status()).isEqualTo("completed");
    }
  }

  @Test
  void aMissingMethodOrAWrongProtoRefusesTheWorkflow() throws Exception {
    try (Skein skein = skein("")) {
      assertThat(refusal(skein, SHOW.replace("method: Show", "method: Shew")))
          .containsExactly(
              "grpc.yaml:8:17 mirror.Mirror has no method 'Shew'; did you mean 'Show'?");
      Files.writeString(folder.resolve("mirror.proto"), "syntax = \"proto3\"; message {");
      assertThat(refusal(skein, SHOW).getFirst()).contains("mirror.proto is no valid proto");
    }
  }

  private List<String> refusal(Skein skein, String tasks) {
    try {
      skein.deploy(workflow(tasks), folder.resolve("grpc.yaml"));
      return List.of();
    } catch (InvalidDefinition e) {
      return e.diagnostics().stream().map(it -> it.format("grpc.yaml")).toList();
    }
  }
}
