package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.server.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A pet shop that keeps to its document, but for what a test tells it to do.
class ApiCheckCommandTest {
  private static final String API =
      """
      openapi: 3.0.3
      info: {title: Pets, version: "1"}
      servers: [{url: https://pets.example.com/v1}]
      paths:
        /pets/{petId}:
          parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
          get:
            operationId: getPet
            responses:
              "200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
              4XX: {$ref: '#/components/responses/No'}
          delete:
            operationId: deletePet
            responses: {"204": {description: gone}, 4XX: {$ref: '#/components/responses/No'}}
        /pets:
          get:
            operationId: listPets
            parameters:
              - {name: limit, in: query, required: true, schema: {type: integer, minimum: 0, exclusiveMinimum: true}}
            responses:
              "200":
                description: ok
                headers: {X-Total: {required: true, schema: {type: integer}}}
                content:
                  application/json:
                    schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
              "400": {$ref: '#/components/responses/No'}
          post:
            operationId: addPet
            requestBody:
              required: true
              content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
            responses:
              "201": {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
              "422": {$ref: '#/components/responses/No'}
        /owners/{owner}:
          get:
            operationId: getOwner
            parameters: [{name: owner, in: path, required: true, schema: {type: string}}]
            responses: {"200": {description: ok}}
      components:
        responses:
          "No": {description: refused, content: {application/problem+json: {schema: {type: object, required: [title]}}}}
        schemas:
          Pet:
            type: object
            required: [id, name, secret]
            properties:
              id: {type: integer, readOnly: true}
              name: {type: string, minLength: 2}
              secret: {type: string, writeOnly: true}
              tag: {type: string, nullable: true}
      """;

  private record Answer(int status, Map<String, String> headers, String body) {
    Answer body(String other) {
      return new Answer(status, headers, other);
    }

    Answer status(int other) {
      return new Answer(other, headers, body);
    }

    Answer header(String name, String value) {
      var all = new TreeMap<>(headers);
      all.put(name, value);
      return new Answer(status, all, body);
    }
  }

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
  private final Map<String, Answer> instead = new TreeMap<>();
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    seen.add(request);
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Key")));
    Answer answer = instead.get(request);
    if (answer == null) {
      answer = faithful(request, body);
    }
    answer.headers.forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static final Answer PET =
      new Answer(
          200,
          Map.of("Content-Type", "application/json"),
          "{\"id\":7,\"name\":\"Rex\",\"tag\":null}");
  private static final Answer PETS = PET.body("[" + PET.body + "]").header("X-Total", "1");
  private static final Answer NO =
      new Answer(400, Map.of("Content-Type", "application/problem+json"), "{\"title\":\"no\"}");

  private static Answer faithful(String request, String body) {
    return switch (request) {
      case "GET /v1/pets?limit=1" -> PETS;
      case "GET /v1/pets/7" -> PET;
      case "DELETE /v1/pets/7" -> new Answer(204, Map.of(), "");
      case "POST /v1/pets" -> isPet(body) ? PET.status(201) : NO.status(422);
      default -> NO;
    };
  }

  private static boolean isPet(String body) {
    try {
      JsonNode pet = Json.parse(body);
      return pet.path("name").isString() && pet.path("secret").isString() && !pet.has("id");
    } catch (JacksonException e) {
      return false;
    }
  }

  private String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/v1";
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("pets.yaml"), text).toString();
  }

  private int check(String... more) throws IOException {
    return checkOf(API, url(), more);
  }

  private int checkOf(String api, String url, String... more) throws IOException {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var all =
        new ArrayList<>(
            List.of("api", "check", file(api), url, "--rate", "1000", "--timeout", "5"));
    all.addAll(List.of(more));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(new String[0]));
  }

  @Test
  void anApiThatKeepsToItsDocumentIsFine() throws Exception {
    assertThat(check()).as(out.toString() + err).isZero();
    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            ok           GET /pets (listPets)
            not checked  POST /pets (addPet): it changes things; give --write
            ok           GET /pets/{petId} (getPet)
            not checked  GET /owners/{owner} (getOwner): no example for {owner}
            not checked  DELETE /pets/{petId} (deletePet): it changes things; give --write
            2 ok, 0 deviating, 3 not checked; 5 requests
            """);
    assertThat(seen)
        .containsExactly(
            "GET /v1/pets?limit=1",
            "GET /v1/pets",
            "GET /v1/pets?limit=skein-wrong",
            "GET /v1/pets/7",
            "GET /v1/pets/skein-wrong");
  }

  @Test
  void whatChangesThingsIsCalledOnlyIfAskedTo() throws Exception {
    assertThat(check("--write")).as(out.toString() + err).isZero();
    assertThat(out.toString()).contains("ok           POST /pets (addPet)");
    assertThat(out.toString()).contains("ok           DELETE /pets/{petId} (deletePet)");
    assertThat(seen.stream().filter(it -> it.equals("POST /v1/pets"))).hasSize(3);
    assertThat(seen).contains("DELETE /v1/pets/7").doesNotContain("DELETE /v1/pets");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /v1/pets?limit=1 | 200 body /0/id string found, integer expected | 200 | [{\"id\":\"7\",\"name\":\"Rex\"}]",
        "GET /v1/pets?limit=1 | 200 body /0/name must be at least 2 characters long | 200 | [{\"id\":7,\"name\":\"R\"}]",
        "GET /v1/pets?limit=1 | 200 body /0 required property 'name' not found | 200 | [{\"id\":7}]",
        "GET /v1/pets?limit=1 | 200 body /0/secret | 200 | [{\"id\":7,\"name\":\"Rex\",\"secret\":\"x\"}]",
        "GET /v1/pets?limit=1 | 200 body object found, array expected | 200 | {}",
        "GET /v1/pets?limit=1 | 200 the body is no application/json | 200 | [",
        "GET /v1/pets?limit=1 | 200 the body is missing | 200 | ''",
        "GET /v1/pets?limit=1 | 203 the status is not declared | 203 | []",
        "GET /v1/pets?limit=1 | 404 the status is not declared | 404 | {}",
        "GET /v1/pets?limit=1 | 500 the server failed | 500 | {}",
        "GET /v1/pets | 200 to a request without the query parameter limit | 200 | []",
        "GET /v1/pets | 500 the server failed (a request without the query parameter limit) | 500 | {}",
        "GET /v1/pets | 404 the status is not declared (a request without the query | 404 | {}",
        "GET /v1/pets?limit=skein-wrong | 200 to a request with 'skein-wrong' as the query | 200 | []",
        "GET /v1/pets?limit=skein-wrong | 400 the Content-Type: it is application/json, not application/problem+json | 400 | {}",
      })
  void whatDeviatesIsSaid(String request, String words, int status, String body) throws Exception {
    instead.put(request, PETS.status(status).body(body));
    assertThat(check("--operation", "listPets")).isEqualTo(1);
    assertThat(out.toString())
        .contains("deviates     GET /pets (listPets)")
        .contains(words)
        .contains("0 ok, 1 deviating, 0 not checked");
  }

  @Test
  void headersAreJudgedToo() throws Exception {
    instead.put("GET /v1/pets?limit=1", PET.body(PETS.body));
    assertThat(check()).isEqualTo(1);
    assertThat(out.toString()).contains("200 the header X-Total is missing");
    instead.put("GET /v1/pets?limit=1", PETS.header("X-Total", "many"));
    assertThat(check()).isEqualTo(1);
    assertThat(out.toString()).contains("200 the header X-Total: string found, integer expected");
    instead.put("GET /v1/pets?limit=1", new Answer(200, Map.of("X-Total", "1"), "[]"));
    assertThat(check()).isEqualTo(1);
    assertThat(out.toString()).contains("200 the Content-Type is missing");
  }

  @Test
  void aBodyThatNobodyDeclaredIsSaid() throws Exception {
    instead.put("DELETE /v1/pets/7", PET.status(404).body("{}"));
    assertThat(check("--write")).isEqualTo(1);
    String free = API.replace("\"204\": {description: gone}", "\"200\": {description: gone}");
    instead.put("DELETE /v1/pets/7", PET);
    assertThat(checkOf(free, url(), "--write")).isEqualTo(1);
    assertThat(out.toString()).contains("200 there is a body, and none is declared");
  }

  @Test
  void aRequestThatIsNotTakenProvesNothing() throws Exception {
    instead.put("GET /v1/pets/7", NO.status(404));
    assertThat(check()).isZero();
    assertThat(out.toString())
        .contains("not checked  GET /pets/{petId} (getPet): it answered 404 to what it was called");
    instead.put("GET /v1/pets/7", NO.status(401));
    assertThat(check()).isZero();
    assertThat(out.toString()).contains("(getPet): it answered 401; give --header");
  }

  @Test
  void headersOfTheCommandLineGoWithEveryRequest() throws Exception {
    assertThat(check("--header", "X-Key: k:1")).isZero();
    assertThat(keys).hasSize(5).containsOnly("k:1");
  }

  @Test
  void ourOwnServerKeepsToItsDocument(@TempDir Path data) {
    try (Skein skein = Skein.open(data);
        Server server = new Server(skein, "127.0.0.1", 0)) {
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: shop, name: work, version: 1.0.0}
          do: [{a: {set: {x: 1}}}]
          """);
      skein.start("work", Map.of(), "w-1");
      int exit =
          Main.run(
              new PrintWriter(out, true),
              new PrintWriter(err, true),
              "api",
              "check",
              server.url() + "/openapi.json",
              server.url(),
              "--rate",
              "200");
      assertThat(exit).as(out.toString() + err).isZero();
      assertThat(out.toString())
          .contains("ok           GET /api/v1/runs/{id} (readRun)")
          .contains("not checked  GET /api/v1/events/stream (followAll): its answer may never end")
          .contains("0 deviating");
    }
  }

  @Test
  void examplesOfTheDocumentAreTaken() throws Exception {
    String api =
        API.replace(
                "required: true, schema: {type: integer, min",
                "required: true, example: 3, schema: {type: integer, min")
            .replace(
                "in: path, required: true, schema: {type: string}",
                "in: path, required: true, example: eve, schema: {type: string}");
    instead.put("GET /v1/pets?limit=3", PETS);
    instead.put("GET /v1/owners/eve", new Answer(200, Map.of(), ""));
    assertThat(checkOf(api, url())).as(out.toString() + err).isZero();
    assertThat(out.toString()).contains("ok           GET /owners/{owner} (getOwner)");
    assertThat(checkOf(api.replace("example: 3", "example: 0"), url())).isZero();
    assertThat(out.toString()).contains("no example for the query parameter limit; 0 does not fit");
  }

  @Test
  void verdictsAreAlsoData() throws Exception {
    instead.put("GET /v1/pets?limit=1", PETS.body("{}"));
    assertThat(check("--json")).isEqualTo(1);
    JsonNode all = Json.parse(out.toString());
    assertThat(all.path("deviates").intValue()).isEqualTo(1);
    assertThat(all.path("notChecked").intValue()).isEqualTo(4);
    assertThat(all.path("operations").path(0))
        .isEqualTo(
            Json.parse(
                """
                {"operation": "GET /pets", "id": "listPets", "outcome": "deviates", "requests": 3,
                 "remarks": ["200 body object found, array expected"]}\
                """));
  }

  @Test
  void swagger2IsReadToo() throws Exception {
    String api =
        """
        swagger: "2.0"
        info: {title: Pets, version: "1"}
        host: pets.example.com
        paths:
          /pets/{petId}:
            get:
              parameters: [{name: petId, in: path, required: true, type: integer, default: 7}]
              responses:
                200: {description: ok, schema: {type: object, properties: {id: {type: string}}}}
                400: {description: refused, schema: {type: object}}
        """;
    assertThat(checkOf(api, url())).isEqualTo(1);
    assertThat(out.toString()).contains("200 body /id integer found, string expected");
    assertThat(out.toString()).contains("400 the Content-Type: it is application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://localhost/", "nonsense", "http://", "http://[x"})
  void anAddressThatIsNoneIsSaid(String url) throws Exception {
    assertThat(checkOf(API, url)).isEqualTo(2);
    assertThat(err.toString()).contains("is no URL of http or https");
  }

  @Test
  void whatCannotBeAskedIsSaidInASentence() throws Exception {
    assertThat(check("--operation", "getCat")).isEqualTo(2);
    assertThat(err.toString()).contains("has no operation 'getCat'");
    assertThat(check("--header", "nonsense")).isEqualTo(2);
    assertThat(err.toString()).contains("NAME: VALUE").doesNotContain("nonsense");
    assertThat(checkOf(API, url(), "--rate", "0")).isEqualTo(2);
    assertThat(checkOf("title: shopping list", url())).isEqualTo(2);
    assertThat(err.toString()).contains("is no OpenAPI document");
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    assertThat(checkOf(API, "http://localhost:" + closed)).isEqualTo(2);
    assertThat(err.toString()).contains("does not answer").doesNotContain("Exception");
    assertThat(seen).isEmpty();
  }
}
