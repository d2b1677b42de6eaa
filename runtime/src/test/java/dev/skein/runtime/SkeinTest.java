package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.StoreException;
import dev.skein.runtime.view.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkeinTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path data;

  private final List<String> effects = Collections.synchronizedList(new ArrayList<>());

  private void register(Skein skein, CountDownLatch reached) {
    skein.register(
        "order",
        String.class,
        (run, input) -> {
          String first = run.step("first", String.class, attempt -> effect("first " + input));
          List<String> both =
              run.fork(
                  "both",
                  List.of(
                      at -> at.step("a", String.class, attempt -> effect("a")),
                      at -> at.step("b", String.class, attempt -> effect("b"))));
          reached.countDown();
          String answer = run.await("answer", String.class);
          return first + both + answer;
        });
  }

  private String effect(String name) {
    effects.add(name);
    return name;
  }

  @Test
  void closingHandsRunsBackAndOpeningGoesOn() throws Exception {
    var reached = new CountDownLatch(1);
    try (Skein skein = Skein.open(data)) {
      register(skein, reached);
      skein.start("order", "x", "o-1");
      reached.await();
    }
    try (Skein skein = Skein.open(data)) {
      skein.signal("o-1", "answer", "yes"); // before its code is there
      register(skein, new CountDownLatch(1));
      RunView run = skein.await("o-1", PATIENCE);
      assertThat(skein.result(run, String.class)).isEqualTo("first x[a, b]yes");
    }
    assertThat(effects).containsExactlyInAnyOrder("first x", "a", "b");
  }

  @Test
  void undoesStepsOfARunThatFails() throws Exception {
    try (Skein skein = Skein.open(data)) {
      skein.register(
          "saga",
          String.class,
          (run, _) -> {
            for (String name : List.of("one", "two")) {
              run.step(
                  name,
                  String.class,
                  attempt -> effect(name),
                  (attempt, outcome) -> effect("undo " + outcome));
            }
            throw new IllegalStateException("no luck");
          });
      RunView run = skein.await(skein.start("saga", "x"), PATIENCE);
      assertThat(run.status()).isEqualTo("faulted");
      assertThat(run.error().path("detail").asString()).contains("no luck");
    }
    assertThat(effects).containsExactly("one", "two", "undo two", "undo one");
  }

  @Test
  void listsRunsAndFindsTheNewestVersion() throws Exception {
    try (Skein skein = Skein.open(data)) {
      for (String version : List.of("1.9.0", "1.10.0", "1.10.0-rc.1")) {
        skein.deploy(definition(version, version));
      }
      String id = skein.start("versions", null);
      assertThat(skein.await(id, PATIENCE).output().asString()).isEqualTo("1.10.0");
      String old = skein.start("test/versions:1.9.0", null);
      assertThat(skein.await(old, PATIENCE).output().asString()).isEqualTo("1.9.0");
      assertThat(skein.list(RunFilter.newest(10))).hasSize(2);
      skein.deploy(definition("1.9.0", "1.9.0"));
      assertThatThrownBy(() -> skein.deploy(definition("1.9.0", "other")))
          .isInstanceOf(SkeinException.class)
          .hasMessageContaining("give the changed workflow a new version");
      assertThatThrownBy(() -> skein.start("nothing", null)).isInstanceOf(SkeinException.class);
    }
  }

  private static String definition(String version, String output) {
    return """
    document: {dsl: 1.0.3, namespace: test, name: versions, version: %s}
    do: [{a: {set: '${ "%s" }'}}]
    """
        .formatted(version, output);
  }

  @Test
  void aSecondOwnerIsRefused() {
    try (Skein first = Skein.open(data)) {
      assertThat(first.list(RunFilter.newest(1))).isEmpty();
      assertThatThrownBy(() -> Skein.open(data))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in use");
    }
  }
}
