package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.server.Served.Got;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Which version of which workflow answers where, and for how long.
class VersionsTest {
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

  private static String workflow(String name, String version, String api) {
    return """
    document: {dsl: 1.0.3, namespace: shop, name: %s, version: %s, metadata: {skein: {%s}}}
    do: [{answer: {set: {by: "%s:%s"}}}]
    """
        .formatted(name, version, api, name, version);
  }

  private String by(String path) {
    Got got = served.post(path, "");
    return got.status() == 200 ? got.json().path("by").asString() : Integer.toString(got.status());
  }

  @Test
  void eachVersionTellsWhatIsStillOpenOfIt() {
    String waits =
        """
        document: {dsl: 1.0.3, namespace: shop, name: drains, version: %s}
        do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
        """;
    served.deploy(waits.formatted("1.0.0"));
    served.skein.start("drains", Map.of());
    served.skein.start("drains", Map.of());
    served.deploy(waits.formatted("1.1.0"));
    JsonNode versions = served.get("/api/v1/definitions/shop/drains").json().path("versions");
    assertThat(versions)
        .extracting(one -> one.path("version").asString())
        .containsExactly("1.1.0", "1.0.0");
    assertThat(versions.get(0).path("open")).isEmpty();
    JsonNode old = versions.get(1).path("open");
    assertThat(old.path("waiting").asInt() + old.path("running").asInt()).isEqualTo(2);
    assertThat(served.get("/api/v1/definitions/shop/none").status()).isEqualTo(404);
  }

  @Test
  void theNewestVersionAnswersAndOlderOnesWhereTheirApiHasAVersion() {
    served.deploy(workflow("a", "1.0.0", "api: {path: /a, version: v1}"));
    served.deploy(workflow("a", "2.0.0", "api: {path: /a, version: v2}"));
    served.deploy(workflow("a", "1.1.0", "api: {path: /a, version: v1}"));
    assertThat(by("/a")).isEqualTo("a:2.0.0");
    assertThat(by("/v2/a")).isEqualTo("a:2.0.0");
    assertThat(by("/v1/a")).isEqualTo("a:1.1.0");
    served.deploy(workflow("a", "3.0.0", "priority: 1"));
    assertThat(by("/a")).isEqualTo("404");
    assertThat(by("/v2/a")).isEqualTo("a:2.0.0");
    assertThat(served.skein.endpoints().all().stream().map(Endpoint::toString))
        .containsExactly("POST /v1/a", "POST /v2/a");
  }

  @Test
  void anOldVersionTellsThatItIsOldAndGoes() {
    served.deploy(
        workflow(
            "a",
            "1.0.0",
            "api: {path: /a, version: v1, deprecated: 2026-05-01, sunset: 2026-07-01}"));
    served.deploy(workflow("a", "2.0.0", "api: {path: /a, version: v2, deprecated: true}"));
    Got old = served.post("/v1/a", "");
    assertThat(old.status()).isEqualTo(200);
    assertThat(old.header("Deprecation")).isEqualTo("@1777593600");
    assertThat(old.header("Sunset")).isEqualTo("Wed, 01 Jul 2026 00:00:00 GMT");
    assertThat(old.header("Link")).isEqualTo("</v2/a>; rel=\"successor-version\"");
    Got refused = served.post("/v1/a", "{");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("Deprecation")).isEqualTo("@1777593600");
    Got newest = served.post("/a", "");
    assertThat(newest.header("Deprecation")).matches("@[0-9]{10}");
    assertThat(newest.header("Sunset") + newest.header("Link")).isEmpty();
    time.turn(Duration.ofDays(40));
    Got gone = served.post("/v1/a", "");
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.header("Link")).isEqualTo("</v2/a>; rel=\"successor-version\"");
    assertThat(by("/a")).isEqualTo("a:2.0.0");
  }

  @Test
  void twoWorkflowsCannotHaveOnePlace() {
    served.deploy(workflow("a", "1.0.0", "api: {path: '/a/{x}', version: v1}"));
    for (String api :
        new String[] {
          "api: {path: '/a/{y}'}", "api: {path: '/v1/a/{y}'}", "api: {path: '/a/{z}', version: v1}"
        }) {
      Got taken = served.post("/api/v1/definitions", workflow("b", "1.0.0", api));
      assertThat(taken.status()).as(api).isEqualTo(409);
      assertThat(taken.code()).isEqualTo("endpoint-taken");
      assertThat(taken.json().path("detail").asString()).contains("shop/a:1.0.0", "POST");
    }
    assertThat(served.get("/api/v1/definitions").json().path("definitions")).hasSize(1);
    served.deploy(workflow("b", "1.0.0", "api: {path: '/a/{y}', method: put}"));
    served.deploy(workflow("b", "1.1.0", "api: {path: /a/literal}"));
    served.deploy(workflow("a", "1.0.1", "api: {path: '/a/{x}', version: v1}"));
    assertThat(by("/a/1")).isEqualTo("a:1.0.1");
    assertThat(by("/a/literal")).isEqualTo("b:1.1.0");
  }

  @Test
  void aRestartKeepsEndpointsAndWhatWasAnswered() {
    served.deploy(workflow("a", "1.0.0", "api: {path: /a}"));
    Got before = served.post("/a", "", "Idempotency-Key", "k");
    served.close();
    served = new Served(data, time);
    Got after = served.post("/a", "", "Idempotency-Key", "k");
    assertThat(after.status()).isEqualTo(200);
    assertThat(after.header("Skein-Run")).isEqualTo(before.header("Skein-Run"));
  }

  @Test
  void aWorkflowDeployedByTheProgramItselfIsThereAtOnce() {
    assertThat(by("/a")).isEqualTo("404");
    served.skein.deploy(workflow("a", "1.0.0", "api: {path: /a}"));
    assertThat(by("/a")).isEqualTo("a:1.0.0");
    served.skein.deployOrReplace(workflow("a", "1.0.0", "api: {path: /b}"));
    assertThat(by("/a")).isEqualTo("404");
    assertThat(by("/b")).isEqualTo("a:1.0.0");
  }
}
