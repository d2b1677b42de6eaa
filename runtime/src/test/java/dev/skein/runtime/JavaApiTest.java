package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.Fault;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.view.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Skein inside a Java program, on a data directory of its own.
class JavaApiTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path data;
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  /// What the Java workflows here take.
  record Order(String id, int amount) {}

  private static RunView await(Skein skein, String id) throws InterruptedException {
    return Objects.requireNonNull(skein.await(id, PATIENCE), "not at an end");
  }

  private String effect(String what) {
    done.add(what);
    return what;
  }

  private void undo(String what, String outcome) {
    done.add("undo " + what + " of " + outcome);
  }

  @Test
  void runsAJavaWorkflow() throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      skein.register(
          "order",
          Order.class,
          (context, order) -> context.step("charge", String.class, _ -> effect(order.id())) + "!");
      RunView run = await(skein, skein.start("order", new Order("o-1", 5)));
      assertThat(run.status()).isEqualTo("completed");
      assertThat(skein.result(run, String.class)).isEqualTo("o-1!");
      assertThat(done).containsExactly("o-1");
    }
  }

  @Test
  void undoesStepsInReverseOrderWhenTheWorkflowFails() throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      skein.register(
          "order",
          Order.class,
          (context, _) -> {
            context.step("a", String.class, _ -> effect("a"), (_, o) -> undo("a", o));
            context.step("b", String.class, _ -> effect("b"), (_, o) -> undo("b", o));
            throw new Fault(new Failure("shop:sold-out", "nothing left"));
          });
      RunView run = await(skein, skein.start("order", new Order("o-1", 5)));
      assertThat(run.status()).isEqualTo("faulted");
      assertThat(done).containsExactly("a", "b", "undo b of b", "undo a of a");
    }
  }

  @Test
  void undoesAStepWhoseOutcomeIsUnknown() throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      skein.register(
          "order",
          Order.class,
          (context, _) ->
              context.step(
                  "a",
                  String.class,
                  _ -> {
                    throw new IllegalStateException("connection lost");
                  },
                  (_, outcome) -> undo("a", String.valueOf(outcome))));
      RunView run = await(skein, skein.start("order", new Order("o-1", 5)));
      assertThat(run.status()).isEqualTo("faulted");
      assertThat(done).containsExactly("undo a of null");
    }
  }

  @Test
  void forksInOrderAndTakesSignals() throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      skein.register(
          "order",
          Order.class,
          (context, order) ->
              context.<String>fork(
                  "both",
                  List.of(
                      left -> left.await("approved", String.class),
                      right -> right.step("charge", String.class, _ -> order.id()))));
      String id = skein.start("order", new Order("o-1", 5));
      skein.signal(id, "approved", "by ann");
      assertThat(skein.result(await(skein, id), String[].class)).containsExactly("by ann", "o-1");
    }
  }

  @Test
  void goesOnAfterAReopeningWithoutRunningFinishedStepsAgain() throws InterruptedException {
    var first = new CountDownLatch(1);
    String id;
    try (Skein skein = Skein.open(data)) {
      registerTwoSteps(skein, first);
      id = skein.start("order", new Order("o-1", 5));
      assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    }
    try (Skein skein = Skein.open(data)) {
      registerTwoSteps(skein, first);
      skein.signal(id, "go", 7);
      RunView run = await(skein, id);
      assertThat(skein.result(run, String.class)).isEqualTo("a7b");
      assertThat(done).containsExactly("a", "b");
    }
    try (Skein skein = Skein.open(data)) {
      assertThat(skein.result(await(skein, id), String.class)).isEqualTo("a7b");
    }
  }

  private void registerTwoSteps(Skein skein, CountDownLatch first) {
    skein.register(
        "order",
        Order.class,
        (context, _) -> {
          String a = context.step("a", String.class, _ -> effect("a"));
          first.countDown();
          int go = context.await("go", Integer.class);
          return a + go + context.step("b", String.class, _ -> effect("b"));
        });
  }

  @Test
  void undoesAfterAReopeningWhatWasDoneBefore() throws InterruptedException {
    var first = new CountDownLatch(1);
    String id;
    try (Skein skein = Skein.open(data)) {
      registerUndoable(skein, first);
      id = skein.start("order", new Order("o-1", 5));
      assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    }
    try (Skein skein = Skein.open(data)) {
      registerUndoable(skein, first);
      skein.cancel(id, "the customer says so");
      assertThat(await(skein, id).status()).isEqualTo("cancelled");
      assertThat(done).containsExactly("a", "undo a of a");
    }
  }

  private void registerUndoable(Skein skein, CountDownLatch first) {
    skein.register(
        "order",
        Order.class,
        (context, _) -> {
          String a = context.step("a", String.class, _ -> effect("a"), (_, o) -> undo("a", o));
          first.countDown();
          return a + context.await("never", String.class);
        });
  }

  @Test
  void aStepInterruptedByClosingIsRunAgainAfterTheReopening() throws InterruptedException {
    var begun = new CountDownLatch(1);
    String id;
    try (Skein skein = Skein.open(data)) {
      registerHanging(skein, begun, new CountDownLatch(1));
      id = skein.start("order", new Order("o-1", 5));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }
    try (Skein skein = Skein.open(data)) {
      registerHanging(skein, begun, new CountDownLatch(0));
      assertThat(skein.result(await(skein, id), String.class)).isEqualTo("o-1");
      assertThat(done).containsExactly("o-1");
    }
  }

  private void registerHanging(Skein skein, CountDownLatch begun, CountDownLatch free) {
    skein.register(
        "order",
        Order.class,
        (context, order) ->
            context.step(
                "charge",
                String.class,
                _ -> {
                  begun.countDown();
                  free.await();
                  return effect(order.id());
                }));
  }

  @Test
  void aDeployedWorkflowGoesOnAfterAReopening() throws InterruptedException {
    try (var server = new TestServer()) {
      String id;
      try (Skein skein = Skein.open(data)) {
        skein.deploy(
            """
            document: { dsl: 1.0.3, namespace: shop, name: calls, version: 1.0.0 }
            do:
              - one: { call: http, with: { method: post, endpoint: "${ .url + \\"/one\\" }" }, output: { as: $input } }
              - two: { call: http, with: { method: post, endpoint: "${ .url + \\"/hold/two\\" }" } }
            """);
        id = skein.start("shop/calls", Map.of("url", server.url()), "my-run");
        server.awaitRequest("POST /hold/two");
      }
      try (Skein skein = Skein.open(data)) {
        RunView run = await(skein, id);
        assertThat(String.valueOf(run.output())).isEqualTo("{\"request\":2}");
        assertThat(server.requests())
            .containsExactly("POST /one", "POST /hold/two", "POST /hold/two");
        assertThat(server.keys())
            .containsExactly("my-run:/do/0/one", "my-run:/do/1/two", "my-run:/do/1/two");
      }
    }
  }

  @Test
  void startingAnIdTwiceIsOneRun() throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      skein.register(
          "order",
          Order.class,
          (context, order) -> context.step("charge", String.class, _ -> effect(order.id())));
      String id = skein.start("order", new Order("first", 5), "order-1");
      assertThat(skein.start("order", new Order("second", 6), "order-1")).isEqualTo(id);
      assertThat(skein.result(await(skein, id), String.class)).isEqualTo("first");
      assertThat(skein.start("order", new Order("third", 6), "order-1")).isEqualTo(id);
      assertThat(done).containsExactly("first");
    }
  }

  @Test
  void listsTheNewestRunsFirst() throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      skein.register("quick", Integer.class, (_, input) -> input);
      skein.register("slow", Integer.class, (context, _) -> context.await("never", String.class));
      await(skein, skein.start("quick", 1, "a"));
      await(skein, skein.start("quick", 2, "b"));
      skein.start("slow", 3, "c");
      assertThat(skein.list(RunFilter.newest(10))).map(RunRow::id).containsExactly("c", "b", "a");
      assertThat(skein.list(RunFilter.newest(2))).map(RunRow::id).containsExactly("c", "b");
      assertThat(skein.list(new RunFilter(Set.of(RunStatus.COMPLETED), null, null, 10)))
          .map(RunRow::id)
          .containsExactly("b", "a");
      assertThat(skein.list(new RunFilter(Set.of(), "slow", null, 10)))
          .map(RunRow::id)
          .containsExactly("c");
    }
  }

  @Test
  void startsTheNewestVersionUnlessOneIsNamed() throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      skein.deploy(version("1.9.0"));
      skein.deploy(version("1.10.0"));
      assertThat(await(skein, skein.start("v", null)).output().asString()).isEqualTo("1.10.0");
      assertThat(await(skein, skein.start("shop/v:1.9.0", null)).output().asString())
          .isEqualTo("1.9.0");
    }
  }

  @Test
  void aDeployedVersionIsImmutable() {
    try (Skein skein = Skein.open(data)) {
      skein.deploy(version("1.0.0"));
      skein.deploy(version("1.0.0"));
      assertThatThrownBy(() -> skein.deploy(version("1.0.0") + "# changed"))
          .isInstanceOfSatisfying(
              SkeinException.class,
              e -> assertThat(e.code()).isEqualTo(SkeinException.Code.VERSION_EXISTS));
    }
  }

  @Test
  void startingAnUnknownWorkflowIsRefused() {
    try (Skein skein = Skein.open(data)) {
      assertThatThrownBy(() -> skein.start("nobody", null))
          .isInstanceOfSatisfying(
              SkeinException.class,
              e -> assertThat(e.code()).isEqualTo(SkeinException.Code.NO_SUCH_WORKFLOW));
    }
  }

  private static String version(String version) {
    return """
    document: { dsl: 1.0.3, namespace: shop, name: v, version: %s }
    do: [ { one: { set: "%s" } } ]
    """
        .formatted(version, version);
  }
}
