package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.runtime.access.AuditQuery;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.Served.Got;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is written down of calls of published workflows.
class CallsAuditTest {
  private static final String ORDER = published("order", "path: '/orders/{id}', version: v1");
  private static final String HOOK = published("hook", "path: /hook, webhook: {secret: shared}");

  @TempDir private Path data;
  private Served served;

  private void serve(String settings) {
    served = Served.with(data, settings);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private static String published(String name, String api) {
    return """
    document:
      dsl: 1.0.3
      namespace: shop
      name: %s
      version: 1.0.0
      metadata: {skein: {api: {%s}}}
    use: {secrets: [shared]}
    input: {schema: {document: {type: object, properties: {n: {type: integer}}}}}
    do: [{answer: {set: {n: 1}}}]
    """
        .formatted(name, api);
  }

  /// Oldest first.
  private List<JsonNode> calls() {
    var query = new AuditQuery(null, "callWorkflow", null, null, null);
    var entries = served.skein.access().trail().page(query, null, 100).entries();
    return entries.reversed().stream().map(entry -> Json.parse(entry.text())).toList();
  }

  @Test
  void aCallThatStartsARunIsWrittenDownWithWhoWhereAndTheRun() {
    serve("");
    served.deploy(ORDER);
    Got got = served.post("/v1/orders/7", "{\"n\": 5}");
    assertThat(got.status()).as(got.body()).isEqualTo(200);
    assertThat(calls()).hasSize(1);
    JsonNode entry = calls().getFirst();
    assertThat(entry.path("who").asString()).isEqualTo("127.0.0.1");
    assertThat(entry.path("from").asString()).isEqualTo("127.0.0.1");
    assertThat(entry.path("on").asString()).isEqualTo("POST /v1/orders/{id}");
    assertThat(entry.path("outcome").asString()).isEqualTo("done");
    assertThat(entry.path("made").asString()).isEqualTo("/api/v1/runs/" + got.header("Skein-Run"));
    assertThat(entry.at("/details/workflow").asString()).isEqualTo("shop/order:1.0.0");
    assertThat(served.skein.access().trail().verify(null).broken()).isNull();
  }

  @Test
  void aCallThatFindsItsRunThereOrIsRefusedIsNot() {
    serve("");
    served.deploy(ORDER);
    served.post("/orders/7", "{\"n\": 5}", "Idempotency-Key", "k");
    assertThat(calls()).hasSize(1);
    assertThat(served.post("/orders/7", "{\"n\": 5}", "Idempotency-Key", "k").status())
        .isEqualTo(200);
    assertThat(served.post("/orders/7", "{\"n\": 6}", "Idempotency-Key", "k").status())
        .isEqualTo(422);
    assertThat(served.post("/orders/7", "{\"n\": \"x\"}").status()).isEqualTo(400);
    assertThat(served.post("/orders/7", "{").status()).isEqualTo(400);
    assertThat(served.get("/orders/7").status()).isEqualTo(405);
    assertThat(calls()).hasSize(1);
  }

  @Test
  void twinsAtTheSameMomentAreWrittenDownOnce() throws Exception {
    serve("");
    served.deploy(ORDER);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Got> twin = () -> served.post("/orders/7", "{}", "Idempotency-Key", "twin");
      for (var one : threads.invokeAll(Collections.nCopies(20, twin))) {
        assertThat(one.get().status()).isEqualTo(200);
      }
    }
    assertThat(calls()).hasSize(1);
  }

  @Test
  void whoShowsAKeyIsNamedByIt() {
    serve("server: {published: {auth: required}}");
    String key =
        served.skein.access().keys().make("ann", Roles.everywhere(Role.DEVELOPER), null).shown();
    Got deployed = served.post("/api/v1/definitions", ORDER, "Authorization", "Bearer " + key);
    assertThat(deployed.status()).isEqualTo(201);
    assertThat(served.post("/orders/7", "{}").status()).isEqualTo(401);
    served.post("/orders/7", "{}", "Authorization", "Bearer " + key);
    assertThat(calls()).hasSize(1);
    assertThat(calls().getFirst().path("who").asString()).startsWith("key ").endsWith("(ann)");
    assertThat(calls().toString()).doesNotContain(key);
  }

  @Test
  void aWebhookIsNamedByItsSecretAndNeverTellsIt() throws Exception {
    Served.secret(data, "shared", "It's a Secret to Everybody");
    serve("");
    served.deploy(HOOK);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            "It's a Secret to Everybody".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature = HexFormat.of().formatHex(mac.doFinal("{}".getBytes(StandardCharsets.UTF_8)));
    assertThat(served.post("/hook", "{}", "X-Signature", "00").status()).isEqualTo(401);
    assertThat(served.post("/hook", "{}", "X-Signature", signature).status()).isEqualTo(202);
    var who = new ArrayList<String>();
    calls().forEach(one -> who.add(one.path("who").asString()));
    assertThat(who).containsExactly("webhook shared");
    assertThat(calls().toString()).doesNotContain("Everybody").doesNotContain(signature);
  }

  @Test
  void aProjectMayDoWithout() {
    serve("server: {published: {audit: false}}");
    served.deploy(ORDER);
    assertThat(served.post("/orders/7", "{}").status()).isEqualTo(200);
    assertThat(calls()).isEmpty();
  }
}
