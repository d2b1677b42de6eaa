package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.store.StoreException;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Each file under `conformance/scenarios` is a workflow that is run here as a user would run it:
/// on a data directory, against a real HTTP server. Every case runs twice, the second time on an
/// engine that evicts a run whenever it waits and saves a checkpoint wherever it may, so that it is
/// replayed all the time.
class LanguageCasesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_LIVES = 100;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final EngineOptions FORGETFUL =
      new EngineOptions(
          Duration.ZERO, 1, 20_000, 20_000, Duration.ofSeconds(30), Duration.ofSeconds(2));

  @TempDir static Path data;
  private static Skein skein;
  private static Skein forgetful;

  @BeforeAll
  static void open() {
    skein = Skein.open(data.resolve("plain"));
    forgetful = Skein.open(data.resolve("forgetful"), FORGETFUL);
  }

  @AfterAll
  static void close() {
    skein.close();
    forgetful.close();
  }

  static List<LanguageCase> cases() throws Exception {
    return LanguageCase.all().toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void doesWhatTheCaseSays(LanguageCase one) throws Exception {
    prove(one, skein);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void doesTheSameWhenReplayedAfterEveryWait(LanguageCase one) throws Exception {
    prove(one, forgetful);
  }

  /// Whose outcome does not depend on how often something is asked, or when.
  static List<LanguageCase> steadyCases() throws Exception {
    return LanguageCase.all().filter(LanguageCase::isSteady).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steadyCases")
  void comesToTheSameWhenItsProcessDiesEveryFewCommits(LanguageCase one, @TempDir Path folder)
      throws Exception {
    var chance = new SplittableRandom(one.name().hashCode());
    try (var server = new TestServer()) {
      RunView run = null;
      for (int life = 0; run == null && life < MOST_LIVES; life++) {
        int commits = chance.nextInt(1, 4);
        run = life(one, server, folder, commits + life / 20);
      }
      assertThat(run).as("the run at its end").isNotNull();
      check(one, run, server, LanguageCasesTest::once);
    }
  }

  /// A call in flight at a kill is made again.
  private static List<String> once(List<String> lines) {
    return lines.stream().distinct().toList();
  }

  /// What became of the run; null if its process died before its end.
  private static @Nullable RunView life(
      LanguageCase one, TestServer server, Path folder, int commits) throws Exception {
    Skein mortal;
    try {
      mortal =
          Skein.open(
              folder, EngineOptions.DEFAULT, Settings.NONE, it -> DyingStore.after(commits, it));
    } catch (StoreException died) {
      return null;
    }
    try (mortal) {
      mortal.deploy(one.workflow(), one.laidOut(folder));
      String id = mortal.start(one.deployedName(), one.input(server.url()), "crashed");
      return mortal.await(id, PATIENCE);
    } catch (StoreException died) {
      return null;
    }
  }

  private static void prove(LanguageCase one, Skein skein) throws Exception {
    try (var server = new TestServer()) {
      skein.deploy(one.workflow(), one.laidOut(data));
      String id = skein.start(one.deployedName(), one.input(server.url()));
      if (one.says("cancelAt")) {
        server.awaitRequest(one.cancelAt());
        skein.cancel(id, "the test says so");
      }
      RunView run = skein.await(id, PATIENCE);
      assertThat(run)
          .withFailMessage(() -> "not at an end: " + skein.why(id) + skein.tasks(id))
          .isNotNull();
      check(one, run, server, requests -> requests);
      if (one.says("tasks")) {
        assertThat(skein.tasks(id)).map(LanguageCasesTest::line).isEqualTo(one.lines("tasks"));
      }
    }
  }

  private static String line(TaskView task) {
    String iteration = task.iteration() == null ? "" : "#" + task.iteration();
    String attempts = task.attempts() == 1 ? "" : " " + task.attempts() + " times";
    return task.reference() + iteration + " " + task.status() + attempts;
  }

  /// @param counted which of the requests count
  private static void check(
      LanguageCase one, RunView run, TestServer server, UnaryOperator<List<String>> counted) {
    assertThat(run.status())
        .as("status, with output %s and error %s", run.output(), run.error())
        .isEqualTo(one.status());
    if (one.says("output")) {
      assertThat(plain(run.output(), run, server))
          .isEqualTo(JSON.readTree(one.output().toString()));
    }
    ObjectNode error = JSON.createObjectNode();
    one.error()
        .propertyNames()
        .forEach(name ->
            error.set(
                name,
                run.error() == null
                    ? JSON.missingNode()
                    : plain(run.error().path(name), run, server)));
    assertThat(error).as("error %s", run.error()).isEqualTo(one.error());
    if (one.says("requests")) {
      assertThat(counted.apply(server.requests())).isEqualTo(one.lines("requests"));
    }
    if (one.says("keys")) {
      assertThat(
              counted.apply(server.keys()).stream().map(k -> k.replace(run.id(), "RUN")).toList())
          .isEqualTo(one.lines("keys"));
    }
  }

  private static JsonNode plain(JsonNode actual, RunView run, TestServer server) {
    String text = String.valueOf(actual);
    return JSON.readTree(
        text.isEmpty() ? "null" : text.replace(server.url(), "SERVER").replace(run.id(), "RUN"));
  }
}
