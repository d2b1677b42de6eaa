package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What operators do to runs, over HTTP.
class ActsTest {
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
      do:
        - first: {set: {n: '${ .n }'}}
        - paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}
      """;

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(data);
    served.deploy(WAITS);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private void start(String id) {
    served.post(
        "/api/v1/runs",
        "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"waits\"}, \"id\": \"%s\", \"input\": {\"n\": 3}}"
            .formatted(id));
  }

  private JsonNode bulk(String body) {
    var got = served.post("/api/v1/runs/bulk", body);
    assertThat(got.status()).as(got.body()).isIn(200, 202);
    return got.json();
  }

  private JsonNode over(JsonNode bulk) {
    for (int i = 0; i < 10_000; i++) {
      JsonNode now = served.get("/api/v1/bulk/" + bulk.path("id").asString()).json();
      if (now.path("status").asString().equals("done")) {
        return now;
      }
    }
    throw new AssertionError("the bulk does not end");
  }

  private String status(String id) {
    return served.get("/api/v1/runs/" + id).json().path("status").asString();
  }

  /// A run that is resumed is on its way back when that is answered.
  private String resumed(String id) {
    String status = status(id);
    for (int i = 0; i < 10_000 && status.equals("suspended"); i++) {
      status = status(id);
    }
    return status;
  }

  @Test
  void countsThenActsOnManyRunsAndTakesItBack() {
    for (int i = 0; i < 12; i++) {
      start("r" + i);
    }
    String filter = "\"filter\": {\"workflow\": \"shop/waits\"}";
    JsonNode count = bulk("{\"action\": \"suspend\", \"dryRun\": true, " + filter + "}");
    assertThat(count.path("matched").intValue()).isEqualTo(12);
    assertThat(status("r3")).isIn("running", "waiting");
    JsonNode begun = bulk("{\"action\": \"suspend\", \"reason\": \"upgrade\", " + filter + "}");
    JsonNode done = over(begun);
    assertThat(done.path("done").intValue()).isEqualTo(12);
    assertThat(status("r3")).isEqualTo("suspended");
    var undo = served.post("/api/v1/bulk/" + begun.path("id").asString() + "/undo", "");
    assertThat(undo.status()).isEqualTo(202);
    assertThat(over(undo.json()).path("done").intValue()).isEqualTo(12);
    assertThat(resumed("r3")).isIn("running", "waiting");
    JsonNode cancelled = over(bulk("{\"action\": \"cancel\", \"filter\": {\"q\": \"r1\"}}"));
    assertThat(cancelled.path("done").intValue()).isEqualTo(3);
    var not = served.post("/api/v1/bulk/" + cancelled.path("id").asString() + "/undo", "");
    assertThat(not.status()).isEqualTo(409);
    assertThat(not.code()).isEqualTo("not-undoable");
  }

  @Test
  void refusesABulkThatSaysTooLittle() {
    for (String body :
        new String[] {
          "{}",
          "{\"action\": \"cancel\"}",
          "{\"action\": \"eat\", \"filter\": {}}",
          "{\"action\": \"cancel\", \"filter\": []}",
          "{\"action\": \"cancel\", \"filter\": {\"status\": \"odd\"}}",
          "{\"action\": \"cancel\", \"filter\": {}, \"dryRun\": 1}"
        }) {
      assertThat(served.post("/api/v1/runs/bulk", body).status()).as(body).isEqualTo(400);
    }
    assertThat(served.get("/api/v1/bulk/none").status()).isEqualTo(404);
  }

  @Test
  void startsForksAndRefusesToRetryWhatHasNotFaulted() {
    start("r");
    served.post("/api/v1/runs/r/signal", "{\"name\": \"com.example.paid\"}");
    assertThat(served.get("/api/v1/runs/r?wait=PT10S").json().path("status").asString())
        .isEqualTo("completed");
    var again = served.post("/api/v1/runs/r/rerun", "{\"input\": {\"n\": 4}}");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json().at("/input/n").intValue()).isEqualTo(4);
    assertThat(again.header("Location")).endsWith(again.json().path("id").asString());
    var fork =
        served.post(
            "/api/v1/runs/r/fork",
            "{\"from\": \"/do/1/paid\", \"data\": [5], \"reason\": \"what if\"}");
    assertThat(fork.status()).as(fork.body()).isEqualTo(201);
    String ended = served.get(fork.header("Location") + "?wait=PT10S").body();
    assertThat(ended).contains("\"output\":[5]");
    var retried = served.post("/api/v1/runs/r/retry", "");
    assertThat(retried.status()).isEqualTo(409);
    assertThat(retried.code()).isEqualTo("unfit");
    assertThat(served.post("/api/v1/runs/r/fork", "{\"from\": \"nobody\"}").status())
        .isEqualTo(409);
    assertThat(served.post("/api/v1/runs/none/retry", "").status()).isEqualTo(404);
  }

  @Test
  void incidentsAreListedAndDealtWith() {
    served.deploy(
        """
        document:
          dsl: 1.0.3
          namespace: shop
          name: stuck
          version: 1.0.0
          metadata: {skein: {saga: {retry: {delay: {milliseconds: 1}, limit: {attempt: {count: 1}}}}}}
        do:
          - a:
              set: {n: 1}
              metadata: {skein: {compensate: [{undo: {raise: {error: {type: x, status: 500}}}}]}}
          - b: {raise: {error: {type: y, status: 500}}}
        """);
    var run =
        served.post(
            "/api/v1/runs?wait=PT10S",
            "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"stuck\"}, \"id\": \"s\"}");
    assertThat(run.json().path("status").asString()).as(run.body()).isEqualTo("faulted");
    JsonNode incident = served.get("/api/v1/incidents").json().at("/incidents/0");
    assertThat(incident.path("kind").asString()).isEqualTo("not-undone");
    assertThat(incident.path("run").asString()).isEqualTo("s");
    String path = "/api/v1/incidents/" + incident.path("id").asString();
    assertThat(served.post(path + "/retry", "{\"reason\": \" \"}").status()).isEqualTo(202);
    served.get("/api/v1/runs/s?wait=PT10S");
    JsonNode another = served.get("/api/v1/incidents").json().at("/incidents/0");
    String resolve = "/api/v1/incidents/" + another.path("id").asString() + "/resolve";
    assertThat(served.post(resolve, "{\"reason\": \"by hand\"}").status()).isEqualTo(202);
    assertThat(served.get("/api/v1/incidents").json().path("incidents")).isEmpty();
    assertThat(served.post(resolve, "").code()).isEqualTo("no-such-incident");
  }
}
