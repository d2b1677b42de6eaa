package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Location;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What `skein logs` tells of runs.
@Timeout(60)
class LogsCommandTest {
  private static final Pattern LINE =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}  (INFO |WARN |ERROR)  (.*)");
  private static final String RETRIES =
      """
      integrations:
        down:
          match: {hosts: [127.0.0.1]}
          retry: {attempts: 2, durableAfter: PT0.01S, backoff: {first: PT0.05S}}
      """;
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: %s}
      do:
        - first: {set: {x: 1}}
        - paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}
        - %s: {set: {done: true}}
      """;
  private static final String LOOPS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: loops, version: 1.0.0}
      timeout: {after: PT1H}
      do:
        - each:
            for: {each: i, in: '[range(5)]'}
            do:
              - nap: {wait: PT0.01S}
      """;
  private static final String FAILS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: fails, version: 1.0.0}
      do:
        - call: {call: http, with: {method: get, endpoint: 'http://127.0.0.1:1/'}}
      """;
  private static final String RAISES =
      """
      document: {dsl: 1.0.3, namespace: shop, name: raises, version: 1.0.0}
      do:
        - stop: {raise: {error: {type: 'urn:x', status: 500, title: "red\\e[31m\\nalert"}}}
      """;

  @TempDir private Path folder;
  private Skein skein;
  private Server server;

  private record Ran(int exit, String out, String err) {
    /// Level and sentence of each line.
    List<String> sentences() {
      return out.lines()
          .map(line -> {
            var found = LINE.matcher(line);
            assertThat(found.matches()).as(line).isTrue();
            return found.group(1).strip() + " " + found.group(2);
          })
          .toList();
    }

    List<JsonNode> objects() {
      return out.lines().map(Json::parse).toList();
    }
  }

  @BeforeEach
  void serve() {
    Settings settings = Settings.read(RETRIES).result();
    skein = Skein.open(Location.in(folder), EngineOptions.DEFAULT, settings);
    server = new Server(skein, "127.0.0.1", 0);
    List.of(WAITS.formatted("1.0.0", "ship"), WAITS.formatted("2.0.0", "send"))
        .forEach(skein::deploy);
    List.of(LOOPS, FAILS, RAISES).forEach(skein::deploy);
    skein.register(
        "steps",
        Integer.class,
        (run, count) -> {
          for (int i = 0; i < count; i++) {
            run.step("s" + i, String.class, _ -> "ok");
          }
          return "done";
        });
  }

  @AfterEach
  void close() {
    server.close();
    skein.close();
  }

  private static Ran ran(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Ran(exit, out.toString(), err.toString());
  }

  private Ran logs(String... words) {
    return ran(with(words, "--data", folder.toString()));
  }

  private Ran asked(String... words) {
    return ran(with(words, "--url", server.url()));
  }

  private static String[] with(String[] words, String... more) {
    var all = new ArrayList<>(List.of("logs"));
    all.addAll(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private void end(String workflow, String id) throws InterruptedException {
    skein.start(workflow, Json.NODES.objectNode(), id);
    var _ = skein.await(id, Duration.ofSeconds(20));
  }

  private void startWaiting(String id) throws InterruptedException {
    skein.start("shop/waits:1.0.0", Json.NODES.objectNode(), id);
    while (!skein.run(id).status().equals("waiting")) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void failedAttemptsAndTheEndAreToldWithTheirReasonsTheOldestFirst() throws InterruptedException {
    end("shop/fails", "r");
    List<String> told = logs("r").sentences();
    assertThat(told).hasSize(6);
    assertThat(told.get(0)).isEqualTo("INFO run r started: shop/fails:1.0.0");
    assertThat(told.get(1)).isEqualTo("INFO call began");
    assertThat(told.get(2))
        .matches(
            "WARN call failed at attempt 1: .*Service unreachable; the next is due \\d{4}-\\S+ [\\d:.]{12}");
    assertThat(told.get(3)).isEqualTo("WARN call gave up after 2 attempts");
    assertThat(told.get(4)).matches("ERROR call faulted after \\d+ ms: Service unreachable: .*");
    assertThat(told.get(5)).startsWith("ERROR run r ended: faulted: Service unreachable");
  }

  @Test
  void jsonIsAnObjectALineInUtc() throws InterruptedException {
    end("shop/fails", "r");
    List<JsonNode> told = logs("r", "--json").objects();
    assertThat(told).hasSize(6);
    JsonNode attempt = told.get(2);
    assertThat(attempt.path("run").asString()).isEqualTo("r");
    assertThat(attempt.path("level").asString()).isEqualTo("WARN");
    assertThat(attempt.path("task").asString()).isEqualTo("call");
    assertThat(attempt.path("kind").asString()).isEqualTo("attempt-failed");
    assertThat(Instant.parse(attempt.path("at").asString())).isBefore(Instant.now());
    assertThat(told).isSortedAccordingTo((a, b) -> at(a).compareTo(at(b)));
  }

  private static Instant at(JsonNode line) {
    return Instant.parse(line.path("at").asString());
  }

  @Test
  void aServerTellsTheSameAsTheStoreThatItHolds() throws InterruptedException {
    startWaiting("r");
    skein.signal("r", "com.example.paid", Json.NODES.objectNode());
    var _ = skein.await("r", Duration.ofSeconds(20));
    Ran ofStore = logs("r");
    assertThat(ofStore.sentences())
        .contains("INFO paid took event 1", "INFO run r ended: completed");
    assertThat(asked("r")).isEqualTo(ofStore);
    assertThat(asked("r", "--follow", "--json")).isEqualTo(logs("r", "-f", "--json"));
  }

  @Test
  void aDataDirectoryThatNobodyHoldsIsReadAsWell() throws InterruptedException {
    end("shop/fails", "r");
    Ran before = logs("r");
    server.close();
    skein.close();
    assertThat(logs("r", "-f")).isEqualTo(before);
  }

  @Test
  void iterationsAreToldOnceHoweverManyCheckpointsThereAre() throws InterruptedException {
    end("shop/loops", "r");
    List<String> told = logs("r").sentences();
    assertThat(told).filteredOn(line -> line.equals("INFO each began")).hasSize(1);
    assertThat(told).filteredOn(line -> line.contains("has time until")).hasSize(1);
    for (int i = 0; i < 5; i++) {
      String nap = "INFO nap#" + i;
      assertThat(told).filteredOn(line -> line.equals(nap + " began")).hasSize(1);
      assertThat(told).anyMatch(line -> line.startsWith(nap + " waits until "));
      assertThat(told).contains(nap + " has waited");
      assertThat(told).anyMatch(line -> line.matches(nap + " ended after \\d+ ms"));
    }
  }

  @Test
  void aLongJournalIsReadByPages() throws InterruptedException {
    skein.start("steps", 3 * LogSource.PAGE, "r");
    var _ = skein.await("r", Duration.ofSeconds(30));
    List<String> told = logs("r").sentences();
    assertThat(told).hasSize(3 * LogSource.PAGE + 2);
    assertThat(told.get(1)).matches("INFO s0 is done after \\d+ ms");
    assertThat(told.getLast()).isEqualTo("INFO run r ended: completed");
    assertThat(asked("r").sentences()).isEqualTo(told);
  }

  @Test
  void whatOperatorsDidIsToldWithItsReason() throws InterruptedException {
    startWaiting("a");
    ran("cancel", "a", "--reason", "not needed", "--url", server.url());
    var _ = skein.await("a", Duration.ofSeconds(20));
    assertThat(logs("a").sentences())
        .contains("WARN run a was asked to cancel: not needed")
        .last()
        .asString()
        .startsWith("WARN run a ended: cancelled");
    startWaiting("b");
    ran("migrate", "b", "--to", "2.0.0", "--reason", "a mistake", "--url", server.url());
    assertThat(logs("b").sentences())
        .contains("INFO run b moved from shop/waits:1.0.0 to shop/waits:2.0.0: a mistake");
    String id = skein.act().fork("b", "first", Json.NODES.objectNode(), "a look").id();
    assertThat(logs(id).sentences())
        .contains("INFO run " + id + " is a fork of run b, from the end of first on: a look");
    end("shop/fails", "c");
    ran("retry", "c", "--reason", "it is up again", "--url", server.url());
    assertThat(logs("c", "-f").sentences())
        .contains("INFO run c is retried: it is up again")
        .filteredOn(line -> line.equals("INFO call began"))
        .hasSize(2);
  }

  @Test
  void onlyWhatHappenedSinceIsTold() throws InterruptedException {
    end("shop/fails", "r");
    assertThat(logs("r", "--since", "PT10M").sentences()).hasSize(6);
    assertThat(logs("r", "--since", "P10000000D").sentences()).hasSize(6);
    assertThat(logs("r", "--since", "PT0S")).isEqualTo(new Ran(0, "", ""));
  }

  /// Hears of a run while it goes on.
  private void follow(String... words) throws Exception {
    startWaiting("r");
    var pipe = new PipedWriter();
    var heard = new BufferedReader(new PipedReader(pipe));
    var err = new StringWriter();
    var following =
        new FutureTask<>(() -> {
          try (var out = new PrintWriter(pipe, true)) {
            return Main.run(out, new PrintWriter(err, true), with(words));
          }
        });
    Thread.ofPlatform().start(following);
    assertThat(until(heard, "paid began")).contains("run r started");
    assertThat(following.isDone()).isFalse();
    skein.signal("r", "com.example.paid", Json.NODES.objectNode());
    assertThat(until(heard, "run r ended: completed")).contains("took event", "ship ended");
    assertThat(following.get()).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(heard.readLine()).isNull();
  }

  private static String until(BufferedReader heard, String end) throws IOException {
    var all = new StringBuilder();
    for (String line = heard.readLine(); line != null; line = heard.readLine()) {
      all.append(line).append('\n');
      if (line.endsWith(end)) {
        return all.toString();
      }
    }
    throw new AssertionError("'" + end + "' was never told:\n" + all);
  }

  @Test
  void aRunOfARunningServerIsFollowedToItsEnd() throws Exception {
    follow("r", "--follow", "--data", folder.toString());
  }

  @Test
  void aRunOfAServerElsewhereIsFollowedToItsEnd() throws Exception {
    follow("r", "-f", "--url", server.url());
  }

  @Test
  void whatOthersHaveWrittenSteersNoTerminal() throws InterruptedException {
    end("shop/raises", "r");
    assertThat(logs("r").out).contains("red [31m alert").doesNotContain("\u001b");
    assertThat(logs("r", "--json").out).doesNotContain("\u001b");
  }

  @Test
  void whatCannotBeToldIsSaid() {
    Ran nobody = logs("nobody");
    assertThat(nobody.exit).isEqualTo(1);
    assertThat(nobody.err).contains("there is no run 'nobody'");
    assertThat(asked("nobody").exit).isEqualTo(1);
    assertThat(asked("nobody").err).contains("nobody").doesNotContain("\tat ");
    Ran nothing = ran("logs", "r", "--data", folder.resolve("none").toString());
    assertThat(nothing.exit).isEqualTo(1);
    assertThat(nothing.err).contains("there is no Skein data in");
    assertThat(ran("logs", "r", "--url", "http://127.0.0.1:1").exit).isEqualTo(1);
  }

  @Test
  void wrongUsageIsToldFromFailure() {
    assertThat(logs().exit).isEqualTo(2);
    assertThat(logs("r", "--since", "soon").exit).isEqualTo(2);
    assertThat(logs("r", "--since", "soon").err).contains("--since").doesNotContain("\tat ");
    assertThat(logs("r", "--since", "-PT1M").exit).isEqualTo(2);
    assertThat(logs("r", "--sideways").exit).isEqualTo(2);
    assertThat(ran("logs", "r", "--url", "not an address").exit).isEqualTo(2);
    assertThat(ran("logs", "--help").exit).isZero();
  }
}
