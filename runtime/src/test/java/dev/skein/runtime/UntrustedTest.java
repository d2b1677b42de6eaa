package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Workflows of namespaces that are not trusted, and a server at a private address.
class UntrustedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String REFUSED = "which calls may not reach: it is a private address";
  private static final String UNTRUSTED = "untrusted: [guests, \"tenant-*\"]\n";

  @TempDir private Path data;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private String local;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    local = "127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    if (path.startsWith("/moved/")) {
      exchange.getResponseHeaders().set("Location", path.substring("/moved".length()));
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
      return;
    }
    String answer =
        switch (path) {
          case "/oauth2/token" -> "{\"access_token\": \"t\"}";
          case "/openapi.json" ->
              """
              {"openapi": "3.0.3", "servers": [{"url": "http://%s"}],
               "paths": {"/fine": {"get": {"operationId": "fine", "responses": {}}}}}
              """
                  .formatted(local);
          default -> "{}";
        };
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Skein open(String settings) {
    Settings read = Settings.read(settings).result();
    assertThat(read).isNotNull();
    return Skein.open(data, EngineOptions.DEFAULT, read);
  }

  private String workflow(String namespace, String rest) {
    return "document: {dsl: 1.0.3, namespace: %s, name: w, version: 1.0.0}\n%s"
        .formatted(namespace, rest.replace("LOCAL", local));
  }

  private String calling(String namespace) {
    return workflow(
        namespace,
        "do: [{call: {call: http, with: {method: get, endpoint: 'http://LOCAL/fine'}}}]");
  }

  /// What a run comes to: `completed`, or the detail of its error.
  private static String outcome(Skein skein, String workflow) throws InterruptedException {
    String name = skein.deploy(workflow).qualifiedName();
    RunView run = skein.await(skein.start(name, Map.of()), PATIENCE);
    assertThat(run).isNotNull();
    JsonNode error = run.error();
    return error == null ? run.status().toString() : error.path("detail").asString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"guests", "tenant-7"})
  void doNotReachPrivateAddresses(String namespace) throws Exception {
    try (Skein skein = open(UNTRUSTED)) {
      assertThat(outcome(skein, calling(namespace))).endsWith(REFUSED);
      assertThat(outcome(skein, calling("tenant"))).isEqualTo("completed");
      assertThat(asked).containsExactly("/fine");
    }
  }

  @Test
  void reachThoseThatAnIntegrationOpens() throws Exception {
    String opened =
        UNTRUSTED
            + "integrations: {in: {match: {workflows: ['guests/*']}, egress: {private: allow}}}";
    try (Skein skein = open(opened)) {
      assertThat(outcome(skein, calling("guests"))).isEqualTo("completed");
      assertThat(outcome(skein, calling("tenant-7"))).endsWith(REFUSED);
    }
  }

  @Test
  void openNothingByNamingAnIntegration() throws Exception {
    String other =
        UNTRUSTED
            + "integrations: {in: {match: {hosts: [pay.example.com]}, egress: {private: allow}}}";
    String forced =
        workflow(
            "guests",
            """
            do:
              - call:
                  call: http
                  with: {method: get, endpoint: 'http://LOCAL/fine'}
                  metadata: {skein: {integration: in}}
            """);
    try (Skein skein = open(other)) {
      assertThat(outcome(skein, forced)).endsWith(REFUSED);
    }
  }

  @Test
  void getNoTokenFromThereEither() throws Exception {
    String header = "headers: {X: \"${ $authorization.parameter }\"}\n        ";
    for (String more : List.of("", header)) {
      String tokened =
          workflow(
              "guests",
              """
              do:
                - call:
                    call: http
                    with:
                      method: get
                      %sendpoint:
                        uri: http://192.0.2.1/
                        authentication:
                          oauth2:
                            authority: http://LOCAL
                            grant: password
                            username: ada
                            password: hunter2
                            client: {id: shop, secret: sesame}
              """
                  .formatted(more));
      try (Skein skein = open(UNTRUSTED)) {
        skein.deployOrReplace(tokened);
        RunView run = skein.await(skein.start("guests/w", Map.of()), PATIENCE);
        assertThat(run.error().path("detail").asString()).endsWith(REFUSED);
      }
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void reachNoGrpcServiceThere() throws Exception {
    Files.writeString(
        data.resolve("shop.proto"),
        """
        syntax = "proto3";
        package s;
        message Order {}
        service Shop { rpc Buy(Order) returns (Order); }
        """);
    String calling =
        workflow(
            "guests",
            """
            do:
              - call:
                  call: grpc
                  with:
                    proto: {endpoint: shop.proto}
                    service: {name: s.Shop, host: 127.0.0.1, port: PORT}
                    method: Buy
            """
                .replace("PORT", local.substring(local.indexOf(':') + 1)));
    try (Skein skein = open(UNTRUSTED)) {
      skein.deploy(calling, data.resolve("w.yaml"));
      RunView run = skein.await(skein.start("guests/w", Map.of()), PATIENCE);
      assertThat(run.error().path("detail").asString()).endsWith(REFUSED);
    }
  }

  @Test
  void areGivenNoDocumentsFromThere() {
    String openApi =
        workflow(
            "guests",
            """
            do:
              - call:
                  call: openapi
                  with: {document: {endpoint: 'http://LOCAL/openapi.json'}, operationId: fine}
            """);
    String schema =
        workflow(
            "guests",
            """
            input: {schema: {resource: {endpoint: 'http://LOCAL/schema.json'}}}
            do: [{set: {set: {a: 1}}}]
            """);
    try (Skein skein = open(UNTRUSTED)) {
      assertThatThrownBy(() -> skein.deploy(openApi)).hasMessageContaining(REFUSED);
      assertThatThrownBy(() -> skein.deploy(schema)).hasMessageContaining(REFUSED);
      assertThat(asked).isEmpty();
      assertThatCode(() -> skein.deploy(openApi.replace("guests", "ours")))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void areGivenNoneThroughARedirectionEither() {
    String opened =
        UNTRUSTED + "integrations: {in: {match: {paths: ['/moved/*']}, egress: {private: allow}}}";
    String schema =
        workflow(
            "guests",
            """
            input: {schema: {resource: {endpoint: 'http://LOCAL/moved/schema.json'}}}
            do: [{set: {set: {a: 1}}}]
            """);
    try (Skein skein = open(opened)) {
      assertThatThrownBy(() -> skein.deploy(schema)).hasMessageContaining(REFUSED);
      assertThat(asked).containsExactly("/moved/schema.json");
    }
  }
}
