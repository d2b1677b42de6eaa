package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.RunFilter;
import dev.skein.server.Served.Got;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Workflows called as HTTP APIs.
class PublishedApiTest {
  @TempDir private Path data;
  private final TurnedTime time = new TurnedTime();
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(data, time);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private static String workflow(String name, String version, String api, String rest) {
    return """
    document:
      dsl: 1.0.3
      namespace: shop
      name: %s
      version: %s
      metadata: {skein: {api: {%s}}}
    %s
    """
        .formatted(name, version, api, rest.stripTrailing());
  }

  private static final String TYPED =
      """
      input:
        schema:
          document:
            type: object
            required: [sku]
            properties:
              id: {type: integer}
              sku: {type: string, minLength: 2}
              count: {$ref: "#/$defs/count"}
              gift: {type: boolean}
              rate: {type: [number, "null"]}
              tags: {type: array, items: {type: integer}}
            $defs: {count: {type: integer, minimum: 1}}
      do: [{answer: {set: "${ {got: .} }"}}]
      """;

  private static final String LISTENING =
      "do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]";

  private int runs() {
    return served.skein.list(new RunFilter(Set.of(), null, null, 100)).size();
  }

  @Test
  void aRequestRunsTheWorkflowAndGetsItsOutput() {
    served.deploy(workflow("order", "1.0.0", "path: /orders", TYPED));
    Got got = served.post("/orders", "{\"sku\": \"A1\"}", "Content-Type", "application/json");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.json()).isEqualTo(Json.parse("{\"got\": {\"sku\": \"A1\"}}"));
    assertThat(got.header("Content-Type")).isEqualTo("application/json");
    assertThat(got.header("Cache-Control")).isEqualTo("no-store");
    assertThat(got.header("Deprecation")).isEmpty();
    assertThat(served.skein.run(got.header("Skein-Run")).status()).isEqualTo("completed");
  }

  @Test
  void parametersOfPathAndQueryBecomeWhatTheSchemaSays() {
    served.deploy(workflow("order", "1.0.0", "path: '/orders/{id}', method: put", TYPED));
    Got got =
        served.send(
            "PUT",
            "/orders/7?count=3&gift=true&rate=1.5e2&tags=1&tags=2&other=8&other=9&word=a%2Bb+c",
            "{\"sku\": \"12\"}");
    assertThat(got.status()).as(got.body()).isEqualTo(200);
    assertThat(got.json().path("got"))
        .isEqualTo(
            Json.parse(
                """
                {"sku": "12", "count": 3, "gift": true, "rate": 150.0, "tags": [1, 2],
                 "other": ["8", "9"], "word": "a+b c", "id": 7}
                """));
    assertThat(served.send("PUT", "/orders/7?tags=4", "{\"sku\": \"12\"}").json().at("/got/tags"))
        .isEqualTo(Json.parse("[4]"));
  }

  @Test
  void aGetHasPathAndQueryAlone() {
    served.deploy(workflow("order", "1.0.0", "path: '/orders/{id}', method: get", TYPED));
    assertThat(served.get("/orders/7?sku=12").json())
        .isEqualTo(Json.parse("{\"got\": {\"sku\": \"12\", \"id\": 7}}"));
    Got body = served.send("GET", "/orders/7?sku=12", "{}");
    assertThat(body.status()).isEqualTo(400);
    Got other = served.post("/orders/7", "{}");
    assertThat(other.status()).isEqualTo(405);
    assertThat(other.header("Allow")).isEqualTo("GET");
  }

  @Test
  void whatIsWrittenOutIsPreferredToWhatStandsForAnything() {
    served.deploy(
        workflow("one", "1.0.0", "path: '/orders/{id}', method: get", "do: [{a: {set: {n: 1}}}]"));
    served.deploy(
        workflow("new", "1.0.0", "path: /orders/new, method: get", "do: [{a: {set: {n: 2}}}]"));
    assertThat(served.get("/orders/new").json().path("n").intValue()).isEqualTo(2);
    assertThat(served.get("/orders/old").json().path("n").intValue()).isEqualTo(1);
    assertThat(served.get("/orders/").status()).isEqualTo(404);
    assertThat(served.get("/orders").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"id\": 7, \"sku\": \"12\"}', given-twice",
    "'{', malformed",
    "'[1]', malformed",
    "'{\"sku\": 5}', invalid-input"
  })
  void aBodyThatIsWrongStartsNoRun(String body, String code) {
    served.deploy(workflow("order", "1.0.0", "path: '/orders/{id}'", TYPED));
    Got got = served.post("/orders/7", body);
    assertThat(got.status()).isEqualTo(400);
    assertThat(got.code()).isEqualTo(code);
    assertThat(got.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(runs()).isZero();
  }

  @Test
  void everyViolationOfTheSchemaIsTold() {
    served.deploy(workflow("order", "1.0.0", "path: /orders", TYPED));
    Got got = served.post("/orders?count=many&rate=1x", "{\"tags\": [1, \"b\"], \"gift\": 1}");
    assertThat(got.status()).isEqualTo(400);
    var pointers = new ArrayList<String>();
    got.json().path("violations").forEach(one -> pointers.add(one.path("pointer").asString()));
    assertThat(pointers).containsExactlyInAnyOrder("", "/count", "/rate", "/tags/1", "/gift");
    assertThat(got.json().path("violations").toString()).contains("sku");
    assertThat(served.post("/orders", "sku=1", "Content-Type", "text/plain").status())
        .isEqualTo(415);
  }

  @Test
  void anErrorOfTheRunIsTheAnswer() {
    String raise =
        "do: [{no: {raise: {error: {type: 'https://shop/out', status: %d, title: Out, detail: d}}}}]";
    served.deploy(workflow("out", "1.0.0", "path: /out", raise.formatted(409)));
    Got conflict = served.post("/out", "");
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(conflict.json())
        .isEqualTo(
            Json.parse(
                """
                {"type": "https://shop/out", "status": 409, "title": "Out", "detail": "d",
                 "instance": "/do/0/no"}
                """));
    served.deploy(workflow("odd", "1.0.0", "path: /odd", raise.formatted(200)));
    assertThat(served.post("/odd", "").status()).isEqualTo(500);
    String unfit =
        "output: {schema: {document: {type: object, required: [n]}}}\ndo: [{a: {set: {m: 1}}}]";
    served.deploy(workflow("unfit", "1.0.0", "path: /unfit", unfit));
    Got wrong = served.post("/unfit", "");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.json().path("detail").asString()).contains("output").doesNotContain("dev.");
  }

  @Test
  void aRunThatTakesTooLongIsLeftToItself() {
    served.deploy(workflow("pay", "1.0.0", "path: /pay, wait: PT0.05S", LISTENING));
    Got got = served.post("/pay", "{}");
    assertThat(got.status()).isEqualTo(202);
    String id = got.json().path("id").asString();
    assertThat(got.header("Location")).isEqualTo("/api/v1/runs/" + id);
    assertThat(got.json().at("/links/run").asString()).isEqualTo("/api/v1/runs/" + id);
    assertThat(served.get(got.header("Location")).json().path("id").asString()).isEqualTo(id);
    assertThat(got.header("Preference-Applied")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT30S, respond-async, 202, respond-async",
    "PT30S, 'respond-async, wait=20', 200, 'respond-async, wait=20'",
    "PT30S, 'handling=lenient, Wait=\"20\"', 200, wait=20",
    "PT30S, wait=9999, 200, wait=300",
    "PT30S, wait=soon, 200, ''",
    "PT0S, wait=20, 202, ''",
    "PT0S, '', 202, ''"
  })
  void aRequestMayPreferToWaitOrNot(String wait, String prefer, int status, String applied) {
    String work = status == 200 ? "do: [{a: {set: {n: 1}}}]" : LISTENING;
    served.deploy(workflow("pay", "1.0.0", "path: /pay, wait: " + wait, work));
    Got got =
        prefer.isEmpty() ? served.post("/pay", "{}") : served.post("/pay", "{}", "Prefer", prefer);
    assertThat(got.status()).isEqualTo(status);
    assertThat(got.header("Preference-Applied")).isEqualTo(applied);
  }

  @Test
  void aRunThatIsCancelledIsAProblem() throws Exception {
    served.deploy(workflow("pay", "1.0.0", "path: /pay", LISTENING));
    String id =
        served.post("/pay", "{}", "Idempotency-Key", "k", "Prefer", "wait=0").header("Skein-Run");
    served.skein.cancel(id, "no");
    assertThat(served.skein.await(id, Duration.ofSeconds(20))).isNotNull();
    Got got = served.post("/pay", "{}", "Idempotency-Key", "k");
    assertThat(got.status()).isEqualTo(500);
    assertThat(got.json().path("title").asString()).isEqualTo("Cancelled");
  }

  @Test
  void theSameIdempotencyKeyIsTheSameRun() {
    served.deploy(workflow("order", "1.0.0", "path: /orders, version: v1", TYPED));
    String body = "{\"sku\": \"A1\"}";
    Got first = served.post("/orders", body, "Idempotency-Key", "k1");
    assertThat(first.status()).isEqualTo(200);
    Got again = served.post("/v1/orders", body, "Idempotency-Key", "k1");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.header("Skein-Run")).isEqualTo(first.header("Skein-Run"));
    Got other = served.post("/orders", "{\"sku\": \"A2\"}", "Idempotency-Key", "k1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("idempotency-key-reused");
    assertThat(runs()).isEqualTo(1);
    served.deploy(workflow("order", "1.0.1", "path: /orders, version: v1", TYPED));
    assertThat(served.post("/orders", body, "Idempotency-Key", "k1").header("Skein-Run"))
        .isEqualTo(first.header("Skein-Run"));
    Got foreign =
        served.post("/orders", body, "Idempotency-Key", "k1", "Authorization", "Bearer b");
    assertThat(foreign.header("Skein-Run")).isNotEqualTo(first.header("Skein-Run"));
    assertThat(served.post("/orders", body, "Idempotency-Key", "k".repeat(256)).status())
        .isEqualTo(400);
  }

  @Test
  void twinsAtTheSameMomentAreOneRun() throws Exception {
    served.deploy(workflow("order", "1.0.0", "path: /orders", TYPED));
    var ids = new TreeSet<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Got> twin =
          () -> served.post("/orders", "{\"sku\": \"A1\"}", "Idempotency-Key", "twin");
      List<Future<Got>> all = threads.invokeAll(java.util.Collections.nCopies(20, twin));
      for (Future<Got> one : all) {
        assertThat(one.get().status()).isEqualTo(200);
        ids.add(one.get().header("Skein-Run"));
      }
    }
    assertThat(ids).hasSize(1);
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void eachCallerHasItsOwnLimit() {
    served.deploy(
        workflow("order", "1.0.0", "path: /orders, limit: 60/min, burst: 2, key: X-Client", TYPED));
    String body = "{\"sku\": \"A1\"}";
    Got first = served.post("/orders", body, "X-Client", "a");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("RateLimit-Policy")).isEqualTo("\"caller\";q=60;w=60");
    assertThat(first.header("RateLimit")).isEqualTo("\"caller\";r=1;t=1");
    assertThat(served.post("/orders", body, "X-Client", "a").header("RateLimit"))
        .isEqualTo("\"caller\";r=0;t=1");
    Got third = served.post("/orders", body, "X-Client", "a");
    assertThat(third.status()).isEqualTo(429);
    assertThat(third.code()).isEqualTo("too-many-requests");
    assertThat(third.header("Retry-After")).isEqualTo("1");
    assertThat(third.header("RateLimit")).isEqualTo("\"caller\";r=0;t=1");
    assertThat(served.post("/orders", body, "X-Client", "b").status()).isEqualTo(200);
    assertThat(served.post("/orders", body).status()).isEqualTo(200);
    time.turn(Duration.ofSeconds(1));
    assertThat(served.post("/orders", body, "X-Client", "a").status()).isEqualTo(200);
    assertThat(served.post("/orders", body, "X-Client", "a").status()).isEqualTo(429);
    assertThat(runs()).isEqualTo(5);
  }

  @Test
  void callersAreToldByTheirCredentialsOrElseByTheirAddress() {
    served.deploy(workflow("order", "1.0.0", "path: /orders, limit: 1/h", TYPED));
    String body = "{\"sku\": \"A1\"}";
    assertThat(served.post("/orders", body, "Authorization", "Bearer a").status()).isEqualTo(200);
    assertThat(served.post("/orders", body, "Authorization", "Bearer b").status()).isEqualTo(200);
    assertThat(served.post("/orders", body, "X-API-Key", "a").status()).isEqualTo(200);
    assertThat(served.post("/orders", body).status()).isEqualTo(200);
    assertThat(served.post("/orders", body).status()).isEqualTo(429);
    assertThat(served.post("/orders", body, "Authorization", "Bearer a").header("Retry-After"))
        .isEqualTo("3600");
  }
}
