package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.Served.Got;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What somebody with a role in one namespace finds, with another namespace beside it.
class NamespacesTest {
  @TempDir private Path data;
  private Served served;
  private String admin;
  private String shop;
  private String reader;

  @BeforeEach
  void serve() {
    served = new Served(data);
    for (String namespace : List.of("shop", "bank")) {
      served.deploy(workflow(namespace, "waits"));
      served.deploy(stuck(namespace));
      served.post("/api/v1/runs", start(namespace, "waits", namespace + "-1"));
      served.post("/api/v1/runs?wait=PT10S", start(namespace, "stuck", namespace + "-2"));
    }
    admin = key(Roles.everywhere(Role.ADMIN));
    shop = key(Roles.parse("developer@shop"));
    reader = key(Roles.parse("developer@shop,viewer@bank"));
  }

  @AfterEach
  void close() {
    served.close();
  }

  private String key(Roles roles) {
    return "Bearer " + served.skein.access().keys().make("test", roles, null).shown();
  }

  private static String workflow(String namespace, String name) {
    return """
    document: {dsl: 1.0.3, namespace: %s, name: %s, version: 1.0.0}
    schedule: {every: {days: 300}}
    do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
    """
        .formatted(namespace, name);
  }

  private static String stuck(String namespace) {
    return """
    document:
      dsl: 1.0.3
      namespace: %s
      name: stuck
      version: 1.0.0
      metadata: {skein: {saga: {retry: {delay: {milliseconds: 1}, limit: {attempt: {count: 1}}}}}}
    do:
      - a:
          set: {n: 1}
          metadata: {skein: {compensate: [{undo: {raise: {error: {type: x, status: 500}}}}]}}
      - b: {raise: {error: {type: y, status: 500}}}
    """
        .formatted(namespace);
  }

  private static String start(String namespace, String name, String id) {
    return "{\"workflow\": {\"namespace\": \"%s\", \"name\": \"%s\"}, \"id\": \"%s\"}"
        .formatted(namespace, name, id);
  }

  private Got get(String key, String path) {
    return served.get(path, "Authorization", key);
  }

  private Got post(String key, String path, String body) {
    return served.post(path, body, "Authorization", key);
  }

  @Test
  void listsShowOnlyWhatMayBeSeen() {
    for (String list : List.of("runs", "definitions", "schedules", "incidents")) {
      JsonNode all = get(admin, "/api/v1/" + list).json().path(list);
      JsonNode mine = get(shop, "/api/v1/" + list).json().path(list);
      assertThat(all.toString()).as(list).contains("bank");
      assertThat(mine).as(list).isNotEmpty().hasSizeLessThan(all.size());
      assertThat(mine.toString()).as(list).contains("shop").doesNotContain("bank");
      assertThat(get(reader, "/api/v1/" + list).json().path(list)).as(list).hasSameSizeAs(all);
    }
    assertThat(get(shop, "/api/v1/runs?workflow=bank/waits").json().path("runs")).isEmpty();
    assertThat(get(shop, "/api/v1/runs?q=bank").json().path("runs")).isEmpty();
  }

  @Test
  void whatMayNotBeSeenIsAsIfItWereNotThere() {
    for (String path : List.of("/api/v1/runs/%s", "/api/v1/runs/%s/why", "/api/v1/runs/%s/tasks")) {
      Got hidden = get(shop, path.formatted("bank-1"));
      Got missing = get(shop, path.formatted("nobody"));
      assertThat(hidden.status()).isEqualTo(404);
      assertThat(hidden.json().path("detail")).isEqualTo(missing.json().path("detail"));
      assertThat(get(shop, path.formatted("shop-1")).status()).isEqualTo(200);
    }
    assertThat(get(shop, "/api/v1/definitions/bank/waits/1.0.0").status()).isEqualTo(404);
    assertThat(post(shop, "/api/v1/runs", start("bank", "waits", "b")).status()).isEqualTo(404);
    assertThat(post(shop, "/api/v1/schedules/bank/waits/pause", "").status()).isEqualTo(404);
    String incident = incidentOf("bank-2");
    assertThat(post(shop, "/api/v1/incidents/" + incident + "/resolve", "").status())
        .isEqualTo(404);
    assertThat(incidentOf("bank-2")).isEqualTo(incident);
  }

  private String incidentOf(String run) {
    for (JsonNode incident : get(admin, "/api/v1/incidents").json().path("incidents")) {
      if (incident.path("run").asString().equals(run)) {
        return incident.path("id").asString();
      }
    }
    throw new AssertionError("run " + run + " has no incident");
  }

  @Test
  void whatMayOnlyBeSeenIsForbiddenToChange() {
    assertThat(get(reader, "/api/v1/runs/bank-1").status()).isEqualTo(200);
    for (String verb : List.of("cancel", "suspend", "rerun", "signal")) {
      Got got = post(reader, "/api/v1/runs/bank-1/" + verb, "{\"name\": \"x\"}");
      assertThat(got.status()).as(verb).isEqualTo(403);
      assertThat(got.code()).isEqualTo("forbidden");
    }
    assertThat(post(reader, "/api/v1/runs", start("bank", "waits", "b")).status()).isEqualTo(403);
    assertThat(post(reader, "/api/v1/definitions", workflow("bank", "new")).status())
        .isEqualTo(403);
    assertThat(post(reader, "/api/v1/definitions", workflow("shop", "new")).status())
        .isEqualTo(201);
    assertThat(post(reader, "/api/v1/schedules/bank/waits/pause", "").status()).isEqualTo(403);
    assertThat(post(reader, "/api/v1/schedules/shop/waits/pause", "").status()).isEqualTo(200);
    assertThat(post(shop, "/api/v1/runs/shop-1/cancel", "").status()).isEqualTo(202);
  }

  @Test
  void aBulkReachesOnlyRunsThatMayBeActedOn() {
    for (String key : List.of(shop, reader)) {
      JsonNode count =
          post(
                  key,
                  "/api/v1/runs/bulk",
                  "{\"action\": \"suspend\", \"filter\": {}, \"dryRun\": true}")
              .json();
      assertThat(count.path("runs").toString()).isEqualTo("[\"shop-1\"]");
    }
    String bulk =
        post(admin, "/api/v1/runs/bulk", "{\"action\": \"suspend\", \"filter\": {}}")
            .json()
            .path("id")
            .asString();
    assertThat(get(shop, "/api/v1/bulk/" + bulk).status()).isEqualTo(404);
    assertThat(get(admin, "/api/v1/bulk/" + bulk).status()).isEqualTo(200);
  }
}
