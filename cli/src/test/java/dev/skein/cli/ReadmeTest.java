package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.runtime.Skein;
import dev.skein.runtime.WorkflowText;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's commands and snippets run as they stand.
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  @TempDir private Path folder;

  record Order(String id, int amount) {}

  static final class Payments {
    final List<String> charged = new ArrayList<>();

    String charge(Order order, String key) {
      charged.add(key);
      return "charge of " + order.amount();
    }

    void refund(Order order, String key) {
      charged.add("refund " + order.id() + key);
    }
  }

  @Test
  void theJavaSnippetRuns() throws Exception {
    Path data = folder.resolve("data");
    var payments = new Payments();
    // snippet
    try (Skein skein = Skein.open(data)) {
      skein.register(
          "checkout",
          Order.class,
          (run, order) -> {
            String charge =
                run.step(
                    "charge",
                    String.class,
                    attempt -> payments.charge(order, attempt.idempotencyKey()),
                    (attempt, id) -> payments.refund(order, attempt.idempotencyKey()));
            run.sleep("let it settle", Duration.ofMillis(50));
            String address = run.await("address", String.class);
            return charge + " to " + address;
          });

      String id = skein.start("checkout", new Order("ORD-7", 42), "order-7");
      skein.signal(id, "address", "Lisbon");
      RunView run = skein.await(id, Duration.ofSeconds(10));
      System.out.println(run.output());
    }
    // end of snippet
    assertThat(payments.charged).containsExactly("order-7:/charge");
    try (Skein skein = Skein.open(data)) {
      assertThat(skein.run("order-7").output().asString()).isEqualTo("charge of 42 to Lisbon");
    }
  }

  @Test
  void theReadmeShowsTheSnippetThatRuns() throws IOException {
    String source = read("cli/src/test/java/dev/skein/cli/ReadmeTest.java");
    String marked =
        source.substring(
            source.indexOf("    // snippet\n") + 15, source.indexOf("    // end of snippet"));
    String snippet =
        marked
            .lines()
            .map(line -> line.isEmpty() ? line : line.substring(4))
            .collect(Collectors.joining("\n"));
    assertThat(read("README.md")).contains(snippet);
  }

  @Test
  void theReadmeShowsTheWorkflowThatRuns() throws Exception {
    assertThat(read("README.md")).contains(read("examples/hello/hello.yaml"));
    var out = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(new StringWriter(), true),
            "run",
            ROOT.resolve("examples/hello/hello.yaml").toString(),
            "--data",
            folder.resolve("hello").toString(),
            "--input",
            "{\"names\": [\"Ada\", \"Grace\"]}");
    assertThat(exit).isZero();
    assertThat(out.toString()).contains("Hello, Ada!", "Hello, Grace!");
  }

  @Test
  void everyExampleIsValid() throws IOException {
    try (var files = Files.walk(ROOT.resolve("examples"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        assertThat(WorkflowText.read(Files.readString(file))).isNotNull();
      }
    }
  }

  @Test
  void theDemoEndsWithLedgersThatAgreeAlsoAfterACrash() {
    for (String[] arguments :
        new String[][] {{"demo", "checkout"}, {"demo", "checkout", "--crash"}}) {
      var out = new StringWriter();
      var err = new StringWriter();
      int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
      assertThat(exit).as(out + "\n" + err).isZero();
      assertThat(out.toString()).contains("for each order all three parts hold, or none does");
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }
}
