package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.AuditEntry;
import dev.skein.runtime.Looking;
import dev.skein.runtime.access.AuditQuery;
import dev.skein.runtime.access.AuditTrail;
import dev.skein.runtime.access.AuditTrail.Anchor;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.Served.Got;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is written down of what people and programs do.
class AuditTest {
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
      do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
      """;
  private static final String START =
      "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"waits\"}, \"id\": \"r\"}";

  @TempDir private Path data;
  private Served served;
  private String admin;

  @BeforeEach
  void serve() {
    served = new Served(data);
    admin = key("ann", Role.ADMIN);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private String key(String name, Role role) {
    var keys = served.skein.access().keys();
    return "Bearer " + keys.make(name, Roles.everywhere(role), null).shown();
  }

  private Got post(String path, String body) {
    return served.post(path, body, "Authorization", admin);
  }

  /// Oldest first.
  private List<JsonNode> entries() {
    String _ = key("flush", Role.VIEWER); // which is durable after all outcomes so far
    var all = new ArrayList<JsonNode>();
    for (String next = ""; next != null; ) {
      String path = "/api/v1/audit?limit=2" + next;
      JsonNode page = served.get(path, "Authorization", admin).json();
      page.path("entries").forEach(one -> all.add(one.path("entry")));
      next = page.has("next") ? "&cursor=" + page.path("next").asString() : null;
    }
    return all.reversed();
  }

  @Test
  void everyChangeIsWrittenDownBeforeAndAfter() {
    post("/api/v1/definitions", WAITS);
    post("/api/v1/runs", START);
    post("/api/v1/runs/r/suspend", "{\"reason\": \"lunch\"}");
    post("/api/v1/runs/none/cancel", "{\"reason\": \"oops\"}");
    served.get("/api/v1/runs", "Authorization", admin);
    List<JsonNode> entries = entries();
    assertThat(entries)
        .extracting(one -> one.path("what").asString())
        .containsExactly(
            "deploy",
            "deploy",
            "startRun",
            "startRun",
            "suspendRun",
            "suspendRun",
            "cancelRun",
            "cancelRun");
    JsonNode asked = entries.get(4);
    assertThat(asked.path("who").asString()).startsWith("key ").endsWith("(ann)");
    assertThat(asked.path("from").asString()).isEqualTo("127.0.0.1");
    assertThat(asked.path("on").asString()).isEqualTo("/api/v1/runs/r/suspend");
    assertThat(asked.at("/details/reason").asString()).isEqualTo("lunch");
    assertThat(asked.has("outcome")).isFalse();
    JsonNode answered = entries.get(5);
    assertThat(answered.path("act")).isEqualTo(asked.path("act"));
    assertThat(answered.path("outcome").asString()).isEqualTo("done");
    assertThat(entries.get(3).path("made").asString()).isEqualTo("/api/v1/runs/r");
    assertThat(entries.get(7).path("outcome").asString()).isEqualTo("refused");
    assertThat(entries.get(7).path("code").asString()).isEqualTo("no-such-run");
  }

  @Test
  void whatIsForbiddenIsWrittenDownTooAndNoSecretIs() {
    String viewer = key("eve", Role.VIEWER);
    served.post("/api/v1/runs", START, "Authorization", viewer);
    Got made = post("/api/v1/keys", "{\"name\": \"ci\", \"role\": \"viewer\"}");
    assertThat(made.status()).isEqualTo(201);
    List<JsonNode> entries = entries();
    assertThat(entries.get(1).path("who").asString()).endsWith("(eve)");
    assertThat(entries.get(1).path("code").asString()).isEqualTo("forbidden");
    assertThat(entries.get(2).at("/details/role").asString()).isEqualTo("viewer");
    String key = made.json().path("key").asString();
    assertThat(entries.toString()).doesNotContain(key.substring(key.length() - 43));
  }

  @Test
  void entriesAreFoundByWhoWhatOnWhatAndWhen() {
    String bob = key("bob", Role.OPERATOR);
    post("/api/v1/runs/one/cancel", "{}");
    served.post("/api/v1/runs/two/suspend", "{}", "Authorization", "" + bob);
    entries();
    assertThat(found("who=BOB")).hasSize(2);
    assertThat(found("what=cancelRun")).hasSize(2);
    assertThat(found("on=runs/two")).extracting(one -> one.path("status").asInt()).contains(404);
    assertThat(found("on=runs/two&what=cancelRun")).isEmpty();
    String start = entries().getFirst().path("at").asString();
    assertThat(found("from=" + start)).hasSize(4);
    assertThat(found("to=" + start)).isEmpty();
    assertThat(found("from=2199-01-01T00:00:00Z")).isEmpty();
  }

  private List<JsonNode> found(String query) {
    Got got = served.get("/api/v1/audit?" + query, "Authorization", admin);
    var entries = new ArrayList<JsonNode>();
    got.json().path("entries").forEach(one -> entries.add(one.path("entry")));
    return entries;
  }

  @Test
  void whoeverMaySeeTheLogMayHaveItVerified() {
    post("/api/v1/runs/one/cancel", "{}");
    entries();
    JsonNode first = served.get("/api/v1/audit/verify", "Authorization", admin).json();
    assertThat(first.path("whole").asBoolean()).isTrue();
    assertThat(first.path("entries").asInt()).isEqualTo(2);
    String other = "2:" + "0".repeat(64);
    String path = "/api/v1/audit/verify?anchor=";
    JsonNode second = served.get(path + other, "Authorization", admin).json();
    assertThat(second.path("whole").asBoolean()).isFalse();
    assertThat(second.path("broken").asString()).contains("entry 2");
    assertThat(served.get(path + "x", "Authorization", admin).status()).isEqualTo(400);
  }

  @Test
  void manyWritersMakeOneChain() throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (int writer = 0; writer < 8; writer++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 20; i++) {
                  post("/api/v1/runs/none/cancel", "{}");
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    AuditTrail.Verdict verdict = served.skein.access().trail().verify(null);
    assertThat(verdict.broken()).isNull();
    List<JsonNode> entries = entries();
    assertThat(entries).hasSize(320);
    var acts = new HashSet<String>();
    entries.forEach(entry -> acts.add(entry.path("act").asString()));
    assertThat(acts).hasSize(160);
  }

  @Test
  void whoeverChangesAnEntryIsFoundOut() throws SQLException {
    Anchor end = written(6);
    tamper("UPDATE audit SET text = replace(text, '(ann)', '(bob)') WHERE number = 3");
    assertThat(verified(null).broken()).isEqualTo("entry 3 was changed, or put in");
    assertThat(verified(null).last().number()).isEqualTo(2);
    assertThat(verified(end).broken()).isNotNull();
  }

  @Test
  void whoeverTakesOneOutIsFoundOut() throws SQLException {
    Anchor _ = written(6);
    tamper("DELETE FROM audit WHERE number = 4");
    assertThat(verified(null).broken()).isEqualTo("the entries from 4 to 4 are missing");
    tamper("UPDATE audit SET number = number - 1 WHERE number > 4");
    assertThat(verified(null).broken()).isEqualTo("entry 4 was changed, or put in");
  }

  @Test
  void whoeverCutsTheEndIsFoundOutByTheStoreOrByAnAnchor() throws SQLException {
    Anchor end = written(6);
    assertThat(verified(end).broken()).isNull();
    tamper("DELETE FROM audit WHERE number > 4");
    assertThat(verified(null).broken()).isEqualTo("the entries from 5 to 6 are missing at the end");
    tamper("UPDATE audit_end SET number = 4, hash = (SELECT hash FROM audit WHERE number = 4)");
    assertThat(verified(null).broken()).isNull();
    assertThat(verified(end).broken()).isEqualTo("the entries from 5 to 6 are missing at the end");
  }

  @Test
  void whoeverWritesItAnewIsFoundOutByAnAnchor() throws SQLException {
    Anchor end = written(4);
    AuditEntry last = AuditEntry.NONE;
    for (int i = 0; i < 4; i++) {
      last = last.next("{\"forged\": %d}".formatted(i));
      tamper(
          "UPDATE audit SET text = '%s', hash = '%s' WHERE number = %d"
              .formatted(last.text(), last.hash(), last.number()));
    }
    assertThat(verified(null).broken()).isEqualTo("entry 4 is not the one that was written");
    tamper("UPDATE audit_end SET hash = '" + last.hash() + "'");
    assertThat(verified(null).broken()).isNull();
    assertThat(verified(end).broken()).isEqualTo("entry 4 is another than when it was noted");
    assertThat(Anchor.parse(end.toString())).isEqualTo(end);
  }

  /// Half of them are outcomes.
  private Anchor written(int entries) {
    for (int i = 0; i < entries / 2; i++) {
      post("/api/v1/runs/none/cancel", "{}");
    }
    served.server.close();
    served.skein.close(); // until then the last outcome may not be on disk
    Anchor end = verified(null).last();
    assertThat(end.number()).isEqualTo(entries);
    return end;
  }

  private AuditTrail.Verdict verified(Anchor anchor) {
    try (Looking looking = Looking.at(data)) {
      return looking.audit().verify(anchor);
    }
  }

  private void tamper(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("skein.db"));
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }

  @Test
  void anEntryIsJsonWhoseTextIsWhatIsHashed() {
    post("/api/v1/runs/none/cancel", "{}");
    AuditEntry entry =
        served.skein.access().trail().page(AuditQuery.ALL, null, 1).entries().getFirst();
    assertThat(Json.text(Json.parse(entry.text()))).isEqualTo(entry.text());
  }
}
