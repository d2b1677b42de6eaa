package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.WorkflowText;
import dev.skein.runtime.graph.Extent;
import dev.skein.runtime.graph.WorkflowGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `skein graph FILE`
@Command(
    name = "graph",
    description = "Draws a workflow as SVG, on stdout or into a file.",
    mixinStandardHelpOptions = true)
final class GraphCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the workflow, YAML or JSON")
  private @Nullable Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "SVG",
      description = "the file to write")
  private @Nullable Path output;

  @Option(
      names = "--depth",
      paramLabel = "LEVELS",
      description = "fold what is nested deeper than so many levels")
  private @Nullable Integer depth;

  @Option(names = "--json", description = "print {workflow, svg} as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path workflow = file == null ? Path.of("") : file;
    String text = Files.text(workflow);
    try {
      var definition = WorkflowText.read(text);
      Extent extent = depth == null ? Extent.WHOLE : Extent.to(Math.max(0, depth));
      String svg = WorkflowGraph.svg(definition, extent);
      if (output != null) {
        java.nio.file.Files.writeString(output, svg);
      } else if (json) {
        spec.commandLine()
            .getOut()
            .println(
                Json.pretty(
                    Json.NODES
                        .objectNode()
                        .put("workflow", definition.document().name())
                        .put("svg", svg)));
      } else {
        spec.commandLine().getOut().println(svg);
      }
      return 0;
    } catch (InvalidDefinition e) {
      e.diagnostics()
          .forEach(d -> spec.commandLine().getErr().println(d.format(workflow.toString())));
      return 1;
    }
  }
}
