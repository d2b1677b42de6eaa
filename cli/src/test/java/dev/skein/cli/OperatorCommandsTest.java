package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Location;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.Server;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What operators do from the command line, with a server and without.
class OperatorCommandsTest {
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: %s}
      do:
        - first: %s
        - paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}
        - %s: {set: {done: true}}
      """;
  private static final String CALL =
      "{call: http, with: {method: get, endpoint: '%s/health/live'}}";

  @TempDir private Path folder;
  private Skein skein;
  private Server server;

  @BeforeEach
  void serve() {
    skein = Skein.open(Location.in(folder.resolve("data")), EngineOptions.DEFAULT, Settings.NONE);
    server = new Server(skein, "127.0.0.1", 0);
    skein.deploy(WAITS.formatted("1.0.0", call(), "ship"));
    skein.deploy(WAITS.formatted("2.0.0", call(), "send"));
    skein.deploy(WAITS.formatted("3.0.0", "{set: {x: 1}}", "send"));
  }

  private String call() {
    return CALL.formatted(server.url());
  }

  @AfterEach
  void close() {
    server.close();
    skein.close();
  }

  private record Ran(int exit, String out, String err) {
    JsonNode json() {
      return Json.parse(out);
    }
  }

  private static Ran ran(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Ran(exit, out.toString(), err.toString());
  }

  private Ran asked(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.add("--url");
    all.add(server.url());
    return ran(all.toArray(String[]::new));
  }

  private String served(String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private void start(String id) throws InterruptedException {
    skein.start("shop/waits:1.0.0", Json.NODES.objectNode(), id);
    while (!skein.run(id).status().equals("waiting")) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void aRunIsMovedToAVersionThatItFits() throws Exception {
    start("r");
    Ran fits = asked("migrate", "r", "--to", "2.0.0", "--dry-run");
    assertThat(fits.exit).isZero();
    assertThat(fits.out).isEqualTo("run r fits version 2.0.0\n");
    assertThat(skein.look().find("r").workflow().version()).isEqualTo("1.0.0");
    Ran moved = asked("migrate", "r", "--to", "2.0.0", "--reason", "a mistake", "--json");
    assertThat(moved.json().path("fits").asBoolean()).isTrue();
    skein.signal("r", "com.example.paid", Json.NODES.objectNode());
    var _ = skein.await("r", Duration.ofSeconds(10));
    assertThat(skein.look().find("r").workflow().version()).isEqualTo("2.0.0");
    assertThat(skein.tasks("r").getLast().toString()).contains("send");
    assertThat(served("/api/v1/audit")).contains("migrateRun").contains("a mistake");
  }

  @Test
  void whatDoesNotFitIsToldAndTheRunStays() throws InterruptedException {
    start("r");
    Ran dry = asked("migrate", "r", "--to", "3.0.0", "--dry-run");
    assertThat(dry.exit).isEqualTo(1);
    assertThat(dry.out).contains("does not fit version 3.0.0").contains("- the run has: the step");
    Ran refused = asked("migrate", "r", "--to", "3.0.0");
    assertThat(refused.exit).isEqualTo(1);
    assertThat(refused.err)
        .contains("- the run has: the step")
        .contains("it stays with version 1.0.0");
    assertThat(skein.run("r").status()).isEqualTo("waiting");
    assertThat(asked("migrate", "r", "--to", "9.0.0").err).contains("deploy it first");
    assertThat(asked("migrate", "nobody", "--to", "2.0.0").err).contains("nobody");
  }

  @Test
  void manyRunsAreCountedFirstAndThatIsTakenBack() throws InterruptedException {
    start("a");
    start("b");
    Ran counted = asked("bulk", "suspend", "--workflow", "shop/waits");
    assertThat(counted.out).contains("suspend would be done to 2 runs").contains("--yes does it");
    assertThat(skein.run("a").status()).isEqualTo("waiting");
    Ran done = asked("bulk", "suspend", "--status", "waiting", "--yes", "--json");
    assertThat(done.exit).isZero();
    assertThat(done.json().path("done").asInt()).isEqualTo(2);
    assertThat(skein.run("b").status()).isEqualTo("suspended");
    Ran back = asked("bulk", "undo", "--id", done.json().path("id").asString());
    assertThat(back.out).contains("resume: 2 done, 0 refused");
    Ran wrong = asked("bulk", "explode", "--yes");
    assertThat(wrong.exit).isEqualTo(1);
    assertThat(wrong.err).contains("'action' must be one of");
  }

  @Test
  void alertsAreListedSilencedAndTested() throws Exception {
    assertThat(asked("alerts").out).isEqualTo("the settings have no alerts\n");
    assertThat(asked("alerts", "silence", "none", "--for", "PT1H").err).contains("no alert 'none'");
    close();
    String settings = "alerts: {rules: {busy: {when: '${ .runs.open.all > 100 }'}}}";
    skein =
        Skein.open(
            Location.in(folder.resolve("data")),
            EngineOptions.DEFAULT,
            Objects.requireNonNull(Settings.read(settings).result()));
    server = new Server(skein, "127.0.0.1", 0);
    assertThat(asked("alerts").out).contains("ALERT", "busy   warning   ok");
    Ran silenced = asked("alerts", "silence", "busy", "--for", "PT1H", "--reason", "known");
    assertThat(silenced.out).contains("silenced until");
    assertThat(asked("alerts", "--json").json().at("/0/silencedUntil").asString()).isNotEmpty();
    assertThat(asked("alerts", "unsilence", "busy").out).doesNotContain("silenced");
    Ran test = asked("alerts", "test", "busy");
    assertThat(test.exit).isZero();
    assertThat(test.out).contains("tells them");
    assertThat(asked("alerts", "silence", "busy").exit).isEqualTo(2);
  }

  @Test
  void incidentsAreListedAndDealtWith() throws Exception {
    assertThat(asked("incidents").out).isEqualTo("nothing needs anybody\n");
    start("r");
    server.close();
    skein.close();
    Path data = folder.resolve("data");
    diverge(data);
    Ran listed = ran("incidents", "--data", data.toString(), "--json");
    assertThat(listed.json()).hasSize(1);
    String id = listed.json().get(0).path("id").asString();
    assertThat(ran("incidents", "--data", data.toString()).out)
        .contains(id)
        .contains("the journal of run r no longer fits");
    Ran moved = ran("migrate", "r", "--to", "2.0.0", "--data", data.toString());
    assertThat(moved.out).isEqualTo("run r goes on with version 2.0.0\n");
    assertThat(ran("incidents", "--data", data.toString()).out)
        .isEqualTo("nothing needs anybody\n");
  }

  /// The workflow is replaced by one that does not fit, under the same version.
  private static void diverge(Path data) throws InterruptedException {
    try (Skein other = Skein.open(Location.in(data), EngineOptions.DEFAULT, Settings.NONE)) {
      other.deployOrReplace(WAITS.formatted("1.0.0", "{set: {x: 1}}", "ship"), data);
      other.signal("r", "com.example.paid", Json.NODES.objectNode());
      while (!other.run("r").status().equals("suspended")) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  @Test
  void aServerThatHoldsTheDataIsWhatDeploysAndPauses() throws Exception {
    String ticks =
        """
        document: {dsl: 1.0.3, namespace: shop, name: ticks, version: %s}
        schedule: {every: {hours: 1}}
        do:
          - tick: {set: {x: 1}}
        """;
    Path file = Files.writeString(folder.resolve("ticks.yaml"), ticks.formatted("1.0.0"));
    assertThat(asked("deploy", file.toString()).out).isEqualTo("shop/ticks:1.0.0\n");
    Files.writeString(file, ticks.formatted("1.0.0").replace("x: 1", "x: 2"));
    assertThat(asked("deploy", file.toString()).err).contains("deployed already");
    assertThat(asked("deploy", file.toString(), "--replace").exit).isZero();
    Files.writeString(
        file, ticks.formatted("2.0.0").replace("{x: 1}", "{x: '${ $secrets }'}") + "  - b: {}\n");
    Ran mistaken = asked("deploy", file.toString());
    assertThat(mistaken.exit).isEqualTo(1);
    assertThat(mistaken.err).contains(file + ":5:");
    assertThat(ran("schedules", "pause", "shop/ticks", "--url", server.url()).exit).isZero();
    assertThat(skein.timetable().all().getFirst().paused()).isTrue();
    assertThat(
            ran(
                    "schedules",
                    "backfill",
                    "shop/none",
                    "--from",
                    "x",
                    "--to",
                    "y",
                    "--url",
                    server.url())
                .err)
        .contains("'from' must be a time");
    assertThat(ran("schedules", "resume", "shop/none", "--url", server.url()).err)
        .contains("no deployed workflow 'shop/none' has a schedule");
    assertThat(ran("schedules", "pause", "ticks", "--url", server.url()).exit).isEqualTo(2);
  }

  @Test
  void topShowsHowEverythingIs() throws InterruptedException {
    start("r");
    Ran ran = asked("top", "--once");
    assertThat(ran.exit).isZero();
    assertThat(ran.out)
        .contains("skein at " + server.url())
        .contains("1 run: 1 waiting")
        .containsPattern("NODES\nalive +leads +1 open")
        .containsPattern("OPEN RUNS, NEWEST FIRST\nwaiting +\\S+ +r +shop/waits:1.0.0");
    assertThat(ran("top", "--once", "--data", folder.resolve("none").toString()).err)
        .contains("nobody serves this data directory");
  }

  @Test
  void bashCompletesVerbsAndOptions() throws Exception {
    Path script = Files.writeString(folder.resolve("completion"), ran("completion", "bash").out);
    assertThat(completed(script, "skein", "sus")).contains("suspend");
    assertThat(completed(script, "skein", "migrate", "--dr")).contains("--dry-run");
    assertThat(ran("completion", "fish").out)
        .contains("complete -c skein -f -n '__fish_use_subcommand' -a migrate")
        .contains("-l dry-run");
    assertThat(ran("completion", "csh").exit).isEqualTo(2);
  }

  private static String completed(Path script, String... words) throws Exception {
    String line =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=${#COMP_LINE}; "
                .formatted(
                    script, String.join(" ", words), words.length - 1, String.join(" ", words))
            + "_complete_skein; echo \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    bash.waitFor();
    return said;
  }
}
