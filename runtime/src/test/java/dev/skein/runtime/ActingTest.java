package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Retrying and forking runs, starting them again, dealing with their incidents.
class ActingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path data;
  private final List<String> called = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> broken = Collections.synchronizedSet(new HashSet<>());
  private HttpServer world;
  private Skein skein;

  /// Answers each path with its name, unless that is broken.
  @BeforeEach
  void open() throws IOException {
    world = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    world.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          called.add(path);
          byte[] answer = ("{\"from\": \"" + path + "\"}").getBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(broken.contains(path) ? 400 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    world.start();
    skein = Skein.open(data);
  }

  @AfterEach
  void close() {
    skein.close();
    world.stop(0);
  }

  private String call(String name) {
    return "{call: http, with: {method: get, endpoint: 'http://127.0.0.1:%d/%s'}}"
        .formatted(world.getAddress().getPort(), name);
  }

  private void deploy(String tasks) {
    skein.deployOrReplace(
        "document: {dsl: 1.0.3, namespace: shop, name: flow, version: 1.0.0}\n" + tasks);
  }

  private RunView ended(String id) {
    try {
      return Objects.requireNonNull(skein.await(id, PATIENCE), id + " has not ended");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFaultedRunGoesOnFromTheTaskThatFailed() {
    deploy("do: [{a: %s}, {b: %s}, {c: %s}]".formatted(call("a"), call("b"), call("c")));
    broken.add("/b");
    String id = skein.start("flow", null, "r");
    assertThat(ended(id).status()).isEqualTo("faulted");
    broken.clear();
    skein.act().retry(id, "the service is back");
    RunView run = ended(id);
    assertThat(run.status()).as(String.valueOf(run.error())).isEqualTo("completed");
    assertThat(run.error()).isNull();
    assertThat(called).containsExactly("/a", "/b", "/b", "/c");
    assertThat(skein.tasks(id)).extracting(TaskView::name).containsExactly("a", "b", "c");
    assertThat(skein.tasks(id)).extracting(TaskView::status).containsOnly("completed");
    assertThat(skein.tasks(id).get(1).attempts()).isEqualTo(2);
    assertThatThrownBy(() -> skein.act().retry(id, "again"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("only a faulted run can be retried");
  }

  @Test
  void aRetryThatFailsCanBeRetriedAndSurvivesItsProcess() {
    deploy("do: [{a: %s}, {b: %s}]".formatted(call("a"), call("b")));
    broken.add("/b");
    String id = skein.start("flow", null, "r");
    ended(id);
    skein.act().retry(id, "once");
    assertThat(ended(id).status()).isEqualTo("faulted");
    skein.close();
    skein = Skein.open(data);
    assertThat(skein.run(id).status()).isEqualTo("faulted");
    broken.clear();
    skein.act().retry(id, "twice");
    assertThat(ended(id).status()).isEqualTo("completed");
    assertThat(called).containsExactly("/a", "/b", "/b", "/b");
    assertThat(skein.tasks(id).get(1).attempts()).isEqualTo(3);
  }

  @Test
  void branchesThatWereCancelledGoOnAndThoseThatWereDoneAreNotDoneAgain() {
    deploy(
        """
        do:
          - both:
              fork:
                branches:
                  - left: {do: [{one: %s}, {two: %s}]}
                  - right: {do: [{three: %s}, {pause: {wait: {hours: 1}}}, {four: %s}]}
        """
            .formatted(call("one"), call("two"), call("three"), call("four")));
    broken.add("/two");
    String id = skein.start("flow", null, "r");
    assertThat(ended(id).status()).isEqualTo("faulted");
    long before = called.stream().filter("/three"::equals).count();
    broken.clear();
    skein.act().retry(id, "mended");
    List<TaskView> tasks = untilCompleted(id, "two");
    assertThat(called.stream().filter("/one"::equals).count()).isEqualTo(1);
    assertThat(called.stream().filter("/three"::equals).count()).isBetween(before, before + 1);
    assertThat(tasks)
        .filteredOn(t -> t.name().equals("both"))
        .extracting(TaskView::status)
        .containsExactly("running");
    assertThat(skein.why(id).toString()).doesNotContain("divergence");
  }

  private List<TaskView> untilCompleted(String id, String name) {
    for (int i = 0; i < 1_000_000; i++) {
      List<TaskView> tasks = skein.tasks(id);
      if (tasks.stream().anyMatch(t -> t.name().equals(name) && t.status().equals("completed"))) {
        return tasks;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError(name + " does not end: " + skein.tasks(id) + skein.why(id));
  }

  @Test
  void attemptsThatWereCaughtBeforeStayAsTheyWere() {
    deploy(
        """
        do:
          - first:
              try: [{a: %s}]
              catch: {do: [{mend: {set: {mended: true}}}]}
          - second:
              try: [{b: %s}]
              catch:
                retry: {delay: {milliseconds: 1}, limit: {attempt: {count: 2}}}
                do: [{c: %s}]
        """
            .formatted(call("a"), call("b"), call("c")));
    broken.addAll(List.of("/a", "/b", "/c"));
    String id = skein.start("flow", null, "r");
    assertThat(ended(id).status()).isEqualTo("faulted");
    assertThat(called).containsExactly("/a", "/b", "/b", "/b", "/c");
    broken.clear();
    skein.act().retry(id, "mended");
    RunView run = ended(id);
    assertThat(run.status()).as(skein.why(id).toString()).isEqualTo("completed");
    assertThat(called).containsExactly("/a", "/b", "/b", "/b", "/c", "/c");
  }

  @Test
  void aRunWhoseLimitPassedGetsItsTimeAgain() {
    deploy(
        """
        timeout: {after: {milliseconds: 300}}
        do: [{a: %s}, {slow: {listen: {to: {one: {with: {type: com.example.go}}}}}}, {b: %s}]
        """
            .formatted(call("a"), call("b")));
    String id = skein.start("flow", null, "r");
    assertThat(ended(id).status()).isEqualTo("faulted");
    skein.act().retry(id, "now it will come");
    skein.signal(id, "com.example.go", null);
    RunView run = ended(id);
    assertThat(run.status()).as(String.valueOf(run.error())).isEqualTo("completed");
    assertThat(called).containsExactly("/a", "/b");
  }

  @Test
  void aWorkflowInJavaGoesOnFromTheStepThatFailed() {
    skein.<Object>register(
        "steps",
        Object.class,
        (context, _) -> {
          context.step("a", String.class, _ -> note("a"));
          return context.step(
              "b",
              String.class,
              _ -> {
                note("b");
                if (broken.contains("b")) {
                  throw new IllegalStateException("broken");
                }
                return "done";
              });
        });
    broken.add("b");
    String id = skein.start("steps", "x");
    assertThat(ended(id).status()).isEqualTo("faulted");
    broken.clear();
    skein.act().retry(id, "mended");
    assertThat(ended(id).status()).isEqualTo("completed");
    assertThat(called).containsExactly("a", "b", "b");
  }

  private String note(String name) {
    called.add(name);
    return name;
  }

  @Test
  void aRunThatWasUndoneIsNotRetriedButUndoingIs() {
    deploy(
        """
        do:
          - a: {set: {n: 1}, metadata: {skein: {compensate: [{undo: %s}]}}}
          - b: %s
        """
            .formatted(call("undo"), call("b")));
    broken.add("/b");
    String undone = skein.start("flow", null, "undone");
    assertThat(ended(undone).status()).isEqualTo("faulted");
    assertThatThrownBy(() -> skein.act().retry(undone, "no"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("was undone");
  }

  @Test
  void whatCouldNotBeUndoneIsTriedAgain() {
    skein.deployOrReplace(
        """
        document:
          dsl: 1.0.3
          namespace: shop
          name: flow
          version: 1.0.0
          metadata: {skein: {saga: {retry: {delay: {milliseconds: 1}, limit: {attempt: {count: 1}}}}}}
        do:
          - a: {set: {n: 1}, metadata: {skein: {compensate: [{undo: %s}]}}}
          - b: %s
        """
            .formatted(call("undo"), call("b")));
    broken.add("/b");
    broken.add("/undo");
    String id = skein.start("flow", null, "r");
    assertThat(ended(id).status()).isEqualTo("faulted");
    Incident incident = skein.act().incidents(null, 10).getFirst();
    assertThat(incident.kind()).isEqualTo("not-undone");
    int before = called.size();
    broken.remove("/undo");
    skein.act().retryIncident(incident.id(), "the service is back");
    assertThat(ended(id).status()).isEqualTo("faulted");
    assertThat(called.subList(before, called.size())).containsExactly("/undo");
    assertThat(skein.act().incidents(null, 10)).isEmpty();
    assertThat(skein.run(id).incidents()).isEmpty();
  }

  @Test
  void aForkTakesOverWhatWasDoneAndGoesOnWithOtherData() {
    deploy(
        """
        do:
          - a: %s
          - b:
              call: http
              with: {method: get, endpoint: 'http://127.0.0.1:%d/b'}
              export: {as: '${ .from }'}
          - c: {set: {got: '${ .from }', context: '${ $context }'}}
          - d: %s
          - e: {set: {got: '${ .from }'}}
        output: {as: '${ {last: ., context: $context} }'}
        """
            .formatted(call("a"), world.getAddress().getPort(), call("d")));
    String id = skein.start("flow", null, "r");
    assertThat(ended(id).status()).isEqualTo("completed");
    assertThat(skein.act().output(id, "b").path("from").asString()).isEqualTo("/b");
    RunRow fork =
        skein.act().fork(id, "/do/1/b", Json.parse("{\"from\": \"elsewhere\"}"), "what if");
    RunView run = ended(fork.id());
    assertThat(run.status()).as(String.valueOf(run.error())).isEqualTo("completed");
    assertThat(run.output().path("context").asString()).isEqualTo("elsewhere");
    assertThat(called).containsExactly("/a", "/b", "/d", "/d");
    assertThat(skein.run(id).output().path("context").asString()).isEqualTo("/b");
    assertThatThrownBy(() -> skein.act().fork(id, "nobody", Json.parse("1"), ""))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void aForkPassesOverATaskThatFailed() {
    deploy("do: [{a: %s}, {b: %s}, {c: %s}]".formatted(call("a"), call("b"), call("c")));
    broken.add("/b");
    String id = skein.start("flow", null, "r");
    ended(id);
    RunRow fork = skein.act().fork(id, "b", Json.parse("{\"by\": \"hand\"}"), "done by hand");
    assertThat(ended(fork.id()).status()).isEqualTo("completed");
    assertThat(called).containsExactly("/a", "/b", "/c");
    assertThat(skein.run(id).status()).isEqualTo("faulted");
  }

  @Test
  void aForkOfAnIterationGoesOnWithTheNext() {
    deploy(
        """
        do:
          - each:
              for: {each: n, in: '${ [1, 2, 3] }'}
              do:
                - get: %s
                - add: {set: {seen: '${ $n }'}}
        """
            .formatted(call("x")));
    String id = skein.start("flow", null, "r");
    assertThat(ended(id).output().path("seen").intValue()).isEqualTo(3);
    RunRow fork = skein.act().fork(id, "/do/0/each/do/0/get#1", Json.parse("{}"), "from there");
    RunView run = ended(fork.id());
    assertThat(run.status()).as(String.valueOf(run.error())).isEqualTo("completed");
    assertThat(called).hasSize(4);
  }

  @Test
  void aRunIsStartedAgainWithTheSameInputOrAnother() {
    deploy("do: [{a: {set: {got: '${ .n }'}}}]");
    String id = skein.start("flow", Json.parse("{\"n\": 7}"), "r");
    ended(id);
    RunView again = ended(skein.act().rerun(id, null).id());
    assertThat(again.id()).isNotEqualTo(id);
    assertThat(again.output().path("got").intValue()).isEqualTo(7);
    RunView other = ended(skein.act().rerun(id, Json.parse("{\"n\": 8}")).id());
    assertThat(other.output().path("got").intValue()).isEqualTo(8);
  }
}
