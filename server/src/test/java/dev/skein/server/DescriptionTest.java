package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.skein.interpreter.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI document says what the server does, and the server does what it says.
class DescriptionTest {
  private static final int REQUESTS = Integer.getInteger("requests", 3_000);
  private static final long SEED = Long.getLong("seed", 2026L);
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
      do:
        - first: {set: {n: 1}}
        - paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}
      """;
  private static final String START =
      "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"waits\"}, \"id\": \"%s\"}";

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private Served served;
  private JsonNode document;

  @BeforeEach
  void serve() {
    served = new Served(data);
    served.deploy(WAITS);
    document = served.get("/openapi.json").json();
  }

  @AfterEach
  void close() {
    served.close();
    client.close();
  }

  private record Op(String method, String path, JsonNode says) {}

  private List<Op> operations() {
    var all = new ArrayList<Op>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method ->
                    all.add(
                        new Op(method.getKey().toUpperCase(), path.getKey(), method.getValue()))));
    return all;
  }

  @Test
  void namesEveryCallOfTheDesign() {
    assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
    assertThat(operations().stream().map(op -> op.method + " " + op.path))
        .contains(
            "POST /api/v1/definitions",
            "GET /api/v1/definitions/{namespace}/{name}/{version}/graph.svg",
            "POST /api/v1/runs",
            "GET /api/v1/runs",
            "GET /api/v1/runs/{id}/events",
            "POST /api/v1/runs/{id}/retry",
            "POST /api/v1/runs/{id}/fork",
            "POST /api/v1/runs/bulk",
            "POST /api/v1/events",
            "GET /api/v1/incidents",
            "GET /health/ready");
    assertThat(operations().stream().map(op -> op.says.path("operationId").asString()).distinct())
        .hasSameSizeAs(operations());
    var referred = new TreeSet<String>();
    document.findValues("$ref").forEach(ref -> referred.add(ref.asString()));
    for (String ref : referred) {
      assertThat(document.at(ref.substring(1)).isObject()).as(ref).isTrue();
    }
  }

  private HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(served.server.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /// What is wrong with the answer, by the document.
  private List<String> faults(Op op, HttpResponse<String> got) {
    JsonNode response = op.says.path("responses").path(Integer.toString(got.statusCode()));
    if (response.isMissingNode()) {
      return List.of("status " + got.statusCode() + " is not declared");
    }
    String type = got.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
    if (got.body().isEmpty() || response.path("content").isEmpty()) {
      return List.of();
    }
    JsonNode media = response.path("content").path(type);
    if (media.isMissingNode()) {
      return List.of("type " + type + " is not declared for " + got.statusCode());
    }
    return media.has("schema") ? violations(media.path("schema"), got.body()) : List.of();
  }

  private List<String> violations(JsonNode schema, String body) {
    ObjectNode whole = schema.deepCopy().asObject();
    whole.set("components", document.path("components"));
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
    return compiled.validate(Json.parse(body)).stream().map(Object::toString).toList();
  }

  @Test
  void everyOperationAnswersAsDeclared() throws Exception {
    served.post("/api/v1/runs", START.formatted("r"));
    served.post("/api/v1/runs/r/signal", "{\"name\": \"com.example.paid\"}");
    served.get("/api/v1/runs/r?wait=PT10S");
    Map<String, String> bodies =
        Map.of(
            "deploy", WAITS,
            "startRun", START.formatted("r"),
            "publish", "{\"id\": \"1\", \"source\": \"s\", \"type\": \"t\"}",
            "forkRun", "{\"from\": \"first\"}",
            "actOnRuns", "{\"action\": \"cancel\", \"filter\": {}, \"dryRun\": true}");
    var done = new ArrayList<String>();
    for (Op op : operations()) {
      String name = op.says.path("operationId").asString();
      if (name.equals("followAll")) {
        continue; // it has no end
      }
      String path =
          op.path
              .replace("{namespace}", "shop")
              .replace("{name}", "waits")
              .replace("{version}", "1.0.0")
              .replace("{number}", "1")
              .replace("{id}", "r");
      var got = send(op.method, path, bodies.getOrDefault(name, "").getBytes());
      assertThat(faults(op, got)).as(op.method + " " + path + "\n" + got.body()).isEmpty();
      if (got.statusCode() < 300) {
        done.add(name);
      }
    }
    assertThat(done)
        .contains("deploy", "startRun", "readRun", "listRuns", "listTasks", "readJournal")
        .contains("readLogs")
        .contains(
            "explainRun", "drawRun", "followRun", "rerun", "forkRun", "actOnRuns", "describe");
  }

  @Test
  void noRequestWhateverItIsMakesTheServerFail() throws Exception {
    for (int i = 0; i < 5; i++) {
      served.post("/api/v1/runs", START.formatted("r" + i));
    }
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    List<Op> operations =
        operations().stream()
            .filter(op -> !op.says.path("operationId").asString().startsWith("follow"))
            .toList();
    var faults = new TreeSet<String>();
    int[] byClass = new int[6];
    for (int i = 0; i < REQUESTS; i++) {
      Op op = operations.get(random.nextInt(operations.size()));
      var fuzz = new Fuzz(random, document);
      String path = fuzz.path(op.path, op.says);
      byte[] body = op.method.equals("GET") ? new byte[0] : fuzz.body(op.says);
      String[] headers = fuzz.headers();
      var got = send(op.method, path, body, headers);
      byClass[got.statusCode() / 100]++;
      String what = op.method + " " + path + " " + List.of(headers) + " → ";
      if (got.statusCode() >= 500
          || got.body().contains("Exception")
          || got.body().contains("\tat ")) {
        faults.add(what + got.statusCode() + " " + got.body());
      }
      faults(op, got).forEach(fault -> faults.add(what + fault));
    }
    System.out.println("answers by class " + java.util.Arrays.toString(byClass));
    assertThat(faults).isEmpty();
    assertThat(byClass[2]).isPositive();
    assertThat(served.get("/health/ready").status()).isEqualTo(200);
  }

  /// Requests that fit their declaration more or less.
  private record Fuzz(RandomGenerator random, JsonNode document) {
    private static final String[] TEXTS = {
      "",
      "r1",
      "r2",
      "shop",
      "waits",
      "1.0.0",
      "null",
      "0",
      "-1",
      "true",
      "PT1S",
      "P1D",
      "PT99999999999999H",
      "2026-03-01T00:00:00Z",
      "999999999-01-01T00:00:00Z",
      "cancel",
      "eat",
      "running",
      "/do/0/first",
      "a b",
      "é€😀",
      "' OR 1=1 --",
      "%",
      "\\",
      "\u0001",
      "x".repeat(300),
      "../..",
      "{}",
      "[]",
      "0000000000000",
      "7zzzzzzzzzzzz",
      "com.example.paid",
      "NaN",
      "1e999"
    };

    private String text() {
      return TEXTS[random.nextInt(TEXTS.length)];
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    String path(String template, JsonNode says) {
      var path = new StringBuilder();
      for (String segment : template.substring(1).split("/", -1)) {
        String known =
            segment.equals("{id}")
                ? "r" + random.nextInt(6)
                : segment.substring(Math.min(1, segment.length()));
        boolean odd = random.nextInt(3) == 0;
        String value = segment.startsWith("{") ? (odd ? text() : known) : segment;
        path.append('/').append(encoded(value));
      }
      char glue = '?';
      for (JsonNode parameter : says.path("parameters")) {
        if (parameter.path("in").asString().equals("query") && random.nextInt(3) == 0) {
          String name = parameter.path("name").asString().replace("*", "order");
          boolean waits = name.equals("wait");
          path.append(glue)
              .append(encoded(name))
              .append('=')
              .append(waits ? "PT0S" : encoded(text()));
          glue = '&';
        }
      }
      return path.toString();
    }

    byte[] body(JsonNode says) {
      String text =
          switch (random.nextInt(8)) {
            case 0 -> text();
            case 1 -> WAITS.replace("1.0.0", text());
            case 2 -> "[" + "[".repeat(random.nextInt(5_000));
            default -> Json.text(value(schema(says), 0));
          };
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && random.nextInt(10) == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      return bytes;
    }

    private JsonNode schema(JsonNode says) {
      return says.at("/requestBody/content/application~1json/schema");
    }

    private JsonNode value(JsonNode schema, int depth) {
      JsonNode known =
          schema.has("$ref") ? document.at(schema.path("$ref").asString().substring(1)) : schema;
      if (random.nextInt(5) == 0 || depth > 5) {
        return any();
      }
      if (known.has("properties")) {
        ObjectNode object = Json.NODES.objectNode();
        for (var property : known.path("properties").properties()) {
          if (random.nextInt(4) != 0) {
            object.set(property.getKey(), value(property.getValue(), depth + 1));
          }
        }
        return object;
      }
      if (known.has("enum")) {
        return known.path("enum").get(random.nextInt(known.path("enum").size()));
      }
      return switch (known.path("type").asString("")) {
        case "integer" -> Json.NODES.numberNode(random.nextInt(-2, 9));
        case "boolean" -> Json.NODES.booleanNode(true);
        default -> any();
      };
    }

    private JsonNode any() {
      return switch (random.nextInt(7)) {
        case 0 -> Json.NODES.nullNode();
        case 1 -> Json.NODES.numberNode(random.nextLong());
        case 2 -> Json.NODES.numberNode(new java.math.BigDecimal("1e400"));
        case 3 -> Json.NODES.arrayNode().add(text());
        case 4 -> Json.NODES.objectNode().put(text(), text());
        default -> Json.NODES.stringNode(text());
      };
    }

    String[] headers() {
      return switch (random.nextInt(8)) {
        case 0 -> new String[] {"Accept", "text/html"};
        case 1 -> new String[] {"Content-Type", "application/xml"};
        case 2 -> new String[] {"Content-Encoding", "gzip"};
        case 3 -> new String[] {"Accept-Encoding", "gzip;q=0, *;q=abc", "If-None-Match", "*"};
        case 4 -> new String[] {"Content-Type", ";;;", "Accept", ";q"};
        case 5 -> new String[] {"ce-id", "%zz", "ce-type", "t", "ce-source", "%"};
        default -> new String[] {"Content-Type", "application/json"};
      };
    }
  }
}
