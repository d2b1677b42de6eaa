package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.store.RunFilter;
import dev.skein.runtime.view.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Events about runs and tasks.
class LifecycleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final EngineOptions LEAVING =
      new EngineOptions(Duration.ZERO, 1, 1_000, 1_000, Duration.ofSeconds(30), PATIENCE);

  @TempDir private Path data;
  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private Skein skein;

  @BeforeEach
  void open() {
    skein = Skein.open(data, LEAVING);
  }

  @AfterEach
  void close() {
    skein.close();
  }

  private void deploy(String name, String rest) {
    skein.deploy(
        "document: {dsl: 1.0.3, namespace: shop, name: %s, version: 1.0.0}\n%s"
            .formatted(name, rest));
  }

  /// As `workflow.started` or `task.completed /do/0/a`, up to and with that one.
  private List<String> until(String last) throws InterruptedException {
    var told = new ArrayList<String>();
    do {
      told.add(shortly(next()));
    } while (!told.getLast().equals(last));
    return told;
  }

  private JsonNode next() throws InterruptedException {
    JsonNode event = heard.poll(20, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }

  private static String shortly(JsonNode event) {
    String type = event.path("type").asString();
    String kind = type.substring("io.serverlessworkflow.".length(), type.length() - ".v1".length());
    JsonNode status = event.path("data").path("status");
    String subject = kind.startsWith("task") ? " " + event.path("subject").asString() : "";
    return kind + subject + (status.isMissingNode() ? "" : " " + status.asString());
  }

  @Test
  void tellsOfARunFromItsStartToItsEnd() throws Exception {
    deploy("plain", "do: [{a: {set: {x: 1}}}, {b: {if: 'false', set: {x: 2}}}]");
    skein.subscribe(heard::add);
    skein.start("plain", Map.of(), "r");
    JsonNode started = next();
    assertThat(shortly(started)).isEqualTo("workflow.started");
    assertThat(started.path("source").asString()).isEqualTo("/runs/r");
    assertThat(started.path("subject").asString()).isEqualTo("r");
    assertThat(started.path("specversion").asString()).isEqualTo("1.0");
    assertThat(started.path("data").path("name").asString()).isEqualTo("plain-r.shop");
    assertThat(started.path("data").path("startedAt").asString())
        .isEqualTo(started.path("time").asString());
    assertThat(started.path("data").path("definition").toString())
        .isEqualTo("{\"namespace\":\"shop\",\"name\":\"plain\",\"version\":\"1.0.0\"}");
    assertThat(until("workflow.completed"))
        .containsExactly(
            "workflow.status-changed running",
            "task.created /do/0/a",
            "task.status-changed /do/0/a pending",
            "task.started /do/0/a",
            "task.status-changed /do/0/a running",
            "task.completed /do/0/a",
            "task.status-changed /do/0/a completed",
            "workflow.completed");
  }

  @Test
  void tellsOfErrorsRetriesAndWhatIsListenedTo() throws Exception {
    deploy(
        "trying",
        """
        do:
          - hear: {listen: {to: {one: {with: {type: go}}}}}
          - try:
              try: [{no: {raise: {error: {type: 'https://x.test/no', status: 418}}}}]
              catch: {retry: {delay: {milliseconds: 1}, limit: {attempt: {count: 1}}}}
          - out: {raise: {error: {type: 'https://x.test/out', status: 500}}}
        """);
    skein.subscribe(heard::add);
    skein.start("trying", Map.of(), "r");
    assertThat(until("workflow.correlation-started")).contains("task.started /do/0/hear");
    skein.signal("r", "go", Map.of());
    assertThat(until("workflow.correlation-completed")).contains("task.completed /do/0/hear");
    assertThat(until("workflow.faulted"))
        .filteredOn(told -> !told.contains("status-changed"))
        .containsExactly(
            "task.created /do/1/try/try/0/no",
            "task.started /do/1/try/try/0/no",
            "task.faulted /do/1/try/try/0/no",
            "task.created /do/1/try",
            "task.started /do/1/try",
            "task.retried /do/1/try",
            "task.created /do/1/try/try/0/no",
            "task.started /do/1/try/try/0/no",
            "task.faulted /do/1/try/try/0/no",
            "task.completed /do/1/try",
            "task.created /do/2/out",
            "task.started /do/2/out",
            "task.faulted /do/2/out",
            "workflow.faulted");
  }

  @Test
  void tellsThatARunAndItsTaskAreSuspendedResumedAndCancelled() throws Exception {
    deploy("sleeping", "do: [{nap: {wait: PT1H}}]");
    skein.subscribe(heard::add);
    skein.start("sleeping", Map.of(), "r");
    until("task.status-changed /do/0/nap running");
    skein.suspend("r", "");
    assertThat(until("task.suspended /do/0/nap")).contains("workflow.suspended");
    skein.close();
    skein = Skein.open(data, LEAVING);
    skein.subscribe(heard::add);
    skein.resume("r");
    assertThat(until("task.resumed /do/0/nap")).contains("workflow.resumed");
    skein.cancel("r", "");
    assertThat(until("workflow.cancelled")).contains("task.cancelled /do/0/nap");
  }

  private static final String WATCHES =
      """
      do:
        - ended:
            listen:
              to:
                any:
                  - with:
                      type: io.serverlessworkflow.workflow.completed.v1
                      data: {definition: {name: %s}}
      """;

  @Test
  void aRunListensToTheEndOfOthersAlsoOverARestart() throws Exception {
    deploy("watching", WATCHES.formatted("plain"));
    deploy("plain", "do: [{a: {set: {x: '${ .n }'}}}]");
    skein.start("watching", Map.of(), "w");
    skein.close();
    skein = Skein.open(data, LEAVING);
    skein.await(skein.start("plain", Map.of("n", 7)), PATIENCE);
    RunView watched = skein.await("w", PATIENCE);
    assertThat(watched.output().path(0).path("output").toString()).isEqualTo("{\"x\":7}");
  }

  @Test
  void aFaultStartsAWorkflowWhoseOwnFaultsDoNot() throws Exception {
    deploy(
        "alarm",
        """
        schedule: {on: {one: {with: {type: io.serverlessworkflow.workflow.faulted.v1}}}}
        do: [{worse: {raise: {error: {type: 'https://x.test/worse', status: 500}}}}]
        """);
    deploy("broken", "do: [{a: {raise: {error: {type: 'https://x.test/no', status: 418}}}}]");
    skein.subscribe(heard::add);
    skein.start("broken", Map.of(), "b1");
    skein.start("broken", Map.of(), "b2");
    for (int faults = 0; faults < 4; faults++) {
      until("workflow.faulted");
    }
    assertThat(skein.list(new RunFilter(Set.of(), "alarm", null, 10))).hasSize(2);
  }

  @Test
  void whoListensToEverythingDoesNotHearOfRuns() throws Exception {
    deploy("watching", WATCHES.formatted("nobody"));
    deploy("any", "do: [{a: {set: {x: 1}}}, {hear: {listen: {to: {any: []}}}}]");
    deploy("plain", "do: [{a: {set: {x: 1}}}]");
    skein.start("watching", Map.of(), "w");
    skein.start("any", Map.of(), "r");
    skein.await(skein.start("plain", Map.of()), PATIENCE);
    skein.signal("r", "go", "data");
    assertThat(skein.await("r", PATIENCE).output().toString()).isEqualTo("[\"data\"]");
  }
}
