package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.model.Diagnostic;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.Skein;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

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

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ArrayNode results = Json.NODES.arrayNode();
    boolean allValid = true;
    for (Path file : files) {
      List<Diagnostic> diagnostics = check(file);
      allValid &= diagnostics.isEmpty();
      results.add(result(file, diagnostics));
      if (!json && diagnostics.isEmpty()) {
        out.println(file + ": valid");
      } else if (!json) {
        diagnostics.forEach(diagnostic -> err.println(diagnostic.format(file.toString())));
      }
    }
    if (json) {
      out.println(Json.pretty(results));
    }
    return allValid ? 0 : 1;
  }

  private static List<Diagnostic> check(Path file) {
    String text = Files.text(file);
    try {
      Skein.read(text);
      return List.of();
    } catch (InvalidDefinition e) {
      return e.diagnostics();
    }
  }

  private static ObjectNode result(Path file, List<Diagnostic> diagnostics) {
    ObjectNode result = Json.NODES.objectNode();
    result.put("file", file.toString());
    result.put("valid", diagnostics.isEmpty());
    ArrayNode list = result.putArray("diagnostics");
    for (Diagnostic diagnostic : diagnostics) {
      ObjectNode one = list.addObject();
      one.put("line", diagnostic.line());
      one.put("column", diagnostic.column());
      one.put("path", diagnostic.path());
      one.put("message", diagnostic.message());
      one.put("hint", diagnostic.hint());
    }
    return result;
  }
}
