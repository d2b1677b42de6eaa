package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.model.Section;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.testkit.scenario.Rehearsal;
import dev.skein.testkit.scenario.Scenario;
import dev.skein.testkit.scenario.ScenarioReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `skein test DIR`
@Command(
    name = "test",
    description = {
      "Runs the test files (*.test.yaml) of a folder: workflows among stand-ins for the systems",
      "they call, in a time that leaps over what is only waited for."
    },
    mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "folders with test files, or test files")
  private List<Path> places = List.of();

  @Option(
      names = "--case",
      paramLabel = "TEXT",
      description = "only cases whose name has this in it")
  private @Nullable String only;

  @Option(
      names = "--record",
      description = "call the systems themselves where a peer has a cassette, and record them")
  private boolean record;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "how long a case may take (default: ${DEFAULT-VALUE})",
      defaultValue = "60")
  private int patienceSeconds = 60;

  @Option(names = "--json", description = "print the results as JSON")
  private boolean json;

  private final ArrayNode results = Json.NODES.arrayNode();
  private int passed;
  private int failed;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    List<Path> files = files();
    if (files.isEmpty()) {
      throw new Failures.Usage("there is no file named *.test.yaml in " + places.getFirst());
    }
    for (Path file : files) {
      run(file, out);
    }
    if (json) {
      out.println(Json.pretty(results));
    } else {
      out.printf("%d passed, %d failed%n", passed, failed);
    }
    return failed == 0 && passed > 0 ? 0 : 1;
  }

  private List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    for (Path place : places) {
      if (!java.nio.file.Files.isDirectory(place)) {
        files.add(place);
        continue;
      }
      try (Stream<Path> inside = java.nio.file.Files.walk(place)) {
        inside.filter(TestCommand::isTest).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static boolean isTest(Path file) {
    return file.toString().matches(".*\\.test\\.(yaml|yml|json)");
  }

  private void run(Path file, PrintWriter out) throws IOException, InterruptedException {
    String text = Files.text(file);
    Section.Result<Scenario> read = ScenarioReader.read(text, file);
    Scenario scenario = read.result();
    if (scenario == null) {
      new Remarks(file, text, read.diagnostics()).print(spec.commandLine().getErr());
      failed++;
      return;
    }
    if (!json) {
      out.println(file);
    }
    var options = new Rehearsal.Options(record, Duration.ofSeconds(patienceSeconds));
    for (Scenario.Case one : scenario.cases()) {
      if (only == null || one.name().contains(only)) {
        report(file, result(scenario, one, options), out);
      }
    }
  }

  private static Rehearsal.Result result(
      Scenario scenario, Scenario.Case one, Rehearsal.Options options)
      throws IOException, InterruptedException {
    try {
      return Rehearsal.of(scenario, one, options);
    } catch (InvalidDefinition e) {
      return new Rehearsal.Result(
          one.name(), List.of(String.valueOf(e.getMessage())), List.of(), Duration.ZERO);
    }
  }

  private void report(Path file, Rehearsal.Result result, PrintWriter out) {
    if (result.passed()) {
      passed++;
    } else {
      failed++;
    }
    double seconds = result.took().toMillis() / 1_000.0;
    ObjectNode one = results.addObject();
    one.put("file", file.toString());
    one.put("case", result.name());
    one.put("passed", result.passed());
    result.failures().forEach(one.withArray("failures")::add);
    result.calls().forEach(one.withArray("calls")::add);
    one.put("took", seconds);
    if (!json) {
      out.printf(
          Locale.ROOT,
          "  %s %s (%.1f s, %d calls)%n",
          result.passed() ? "✓" : "✗",
          result.name(),
          seconds,
          result.calls().size());
      result.failures().forEach(failure -> out.println(failure.indent(6).stripTrailing()));
    }
  }
}
