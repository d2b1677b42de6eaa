package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.view.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `run: workflow`.
class WorkflowsOfWorkflowsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path data;
  private Skein skein;

  @BeforeEach
  void open() {
    skein = Skein.open(data);
    deploy("child", "1.2.0", "{ c: { set: { got: '${ .n }', by: 'new' } } }");
    deploy("child", "1.0.0", "{ c: { set: { got: '${ .n }', by: 'old' } } }");
    deploy(
        "fails",
        "1.0.0",
        "{ c: { raise: { error: { type: 'https://x.test/no', status: 418 } } } }");
    deploy("sleeps", "1.0.0", "{ c: { wait: PT1H } }");
  }

  @AfterEach
  void close() {
    skein.close();
  }

  private void deploy(String name, String version, String task) {
    skein.deploy(
        "document: {dsl: 1.0.3, namespace: test, name: %s, version: %s}\ndo: [%s]"
            .formatted(name, version, task));
  }

  private RunView run(String task) throws Exception {
    deploy("parent", "1.0.0", task);
    return skein.await(skein.start("parent", Map.of("n", 7), "p"), PATIENCE);
  }

  private RunRow child() {
    return skein.list(RunFilter.newest(10)).stream()
        .filter(row -> row.parent() != null)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theOutputOfTheHighestVersionIsTheTasksOutput() throws Exception {
    RunView run =
        run(
            "{ r: { run: { workflow: { namespace: test, name: child, version: latest, input: { n:"
                + " '${ .n + 1 }' } } } } }");
    assertThat(run.output().toString()).isEqualTo("{\"got\":8,\"by\":\"new\"}");
  }

  @Test
  void aVersionCanBeAskedFor() throws Exception {
    RunView run =
        run("{ r: { run: { workflow: { namespace: test, name: child, version: 1.0.0 } } } }");
    assertThat(run.output().path("by").asString()).isEqualTo("old");
  }

  @Test
  void anErrorOfTheChildIsAnErrorOfTheTask() throws Exception {
    RunView run =
        run(
            "{ t: { try: [ { r: { run: { workflow: { namespace: test, name: fails, version: 1.0.0 }"
                + " } } } ], catch: { errors: { with: { status: 418 } }, do: [ { k: { set: { caught:"
                + " '${ $error.type }' } } } ] } } }");
    assertThat(run.output().path("caught").asString()).isEqualTo("https://x.test/no");
  }

  @Test
  void aChildThatIsNotAwaitedEndsWithItsParentUnlessItIsAbandoned() throws Exception {
    RunView run =
        run(
            "{ r: { run: { await: false, workflow: { namespace: test, name: sleeps, version: 1.0.0 }"
                + " } } }");
    assertThat(run.output().path("n").asInt()).isEqualTo(7);
    RunView child = skein.await(child().id(), PATIENCE);
    assertThat(child.status()).isEqualTo("cancelled");
  }

  @Test
  void anAbandonedChildGoesOn() throws Exception {
    run(
        "{ r: { metadata: { skein: { parentClose: abandon } }, run: { await: false, workflow: {"
            + " namespace: test, name: sleeps, version: 1.0.0 } } } }");
    assertThat(child().status().ended()).isFalse();
    assertThat(child().parent().abandon()).isTrue();
  }

  @Test
  void theTimeoutOfTheTaskCancelsTheChild() throws Exception {
    RunView run =
        run(
            "{ r: { timeout: { after: PT0.1S }, run: { workflow: { namespace: test, name: sleeps,"
                + " version: 1.0.0 } } } }");
    assertThat(run.error().path("status").asInt()).isEqualTo(408);
    assertThat(skein.await(child().id(), PATIENCE).status()).isEqualTo("cancelled");
  }
}
