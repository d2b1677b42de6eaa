package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.model.Diagnostic;
import dev.skein.model.Reading;
import dev.skein.runtime.WorkflowText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/// `skein validate FILE…`
@Command(
    name = "validate",
    description = "Checks workflow files and says what is wrong, with line and column.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "workflow files, YAML or JSON")
  private List<Path> files = List.of();

  @Option(names = "--json", description = "print the result as JSON")
  private boolean json;

  @Option(
      names = "--portable",
      description = "list also what other runtimes do not know, and fail if there is any")
  private boolean portable;

  @Option(
      names = "--fetch",
      description = "fetch also what the workflows refer to on the web, and check it")
  private boolean fetch;

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ArrayNode results = Json.NODES.arrayNode();
    boolean passed = true;
    for (Path file : files) {
      Remarks remarks = check(file);
      boolean valid = remarks.diagnostics().stream().noneMatch(this::fails);
      passed &= valid;
      results.addAll(remarks.json());
      if (!json) {
        remarks.print(err);
      }
      if (!json && valid) {
        out.println(file + ": " + (portable ? "portable" : "valid"));
      }
    }
    if (json) {
      out.println(Json.pretty(results));
    }
    return passed ? 0 : 1;
  }

  private Remarks check(Path file) {
    String text = Files.text(file);
    Reading reading =
        fetch
            ? WorkflowText.checkAndFetch(text, file, data.directory(), data.settings())
            : WorkflowText.check(text, file);
    Remarks remarks = Remarks.of(file, text, reading);
    return portable ? remarks : remarks.withoutNotes();
  }

  private boolean fails(Diagnostic diagnostic) {
    return switch (diagnostic.severity()) {
      case ERROR -> true;
      case WARNING -> false;
      case NOTE -> portable;
    };
  }
}
