package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.Skein;
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

/// `skein deploy FILE…`
@Command(
    name = "deploy",
    description = "Keeps workflows under their name and version, to be started later.",
    mixinStandardHelpOptions = true)
final class DeployCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "workflows, YAML or JSON")
  private List<Path> files = List.of();

  @Option(names = "--replace", description = "replace a version that has other content")
  private boolean replace;

  @Option(names = "--json", description = "print what was deployed as JSON")
  private boolean json;

  private WorkflowRef deploy(Skein skein, String text, Path file) {
    return replace ? skein.deployOrReplace(text, file) : skein.deploy(text, file);
  }

  @Override
  public Integer call() {
    ArrayNode deployed = Json.NODES.arrayNode();
    try (Skein skein = data.visit()) {
      for (Path file : files) {
        Remarks remarks = Remarks.on(file);
        remarks.print(spec.commandLine().getErr());
        if (remarks.refused()) {
          return 1;
        }
        WorkflowRef ref;
        try {
          ref =
              new WrittenDown(skein)
                  .doing(
                      "deploy", file.toString(), null, () -> deploy(skein, remarks.text(), file));
        } catch (InvalidDefinition e) { // by what it refers to
          new Remarks(file, remarks.text(), e.diagnostics()).print(spec.commandLine().getErr());
          return 1;
        }
        deployed
            .addObject()
            .put("namespace", ref.namespace())
            .put("name", ref.name())
            .put("version", ref.version())
            .set("warnings", remarks.json());
        if (!json) {
          spec.commandLine().getOut().println(ref);
        }
      }
    }
    if (json) {
      spec.commandLine().getOut().println(Json.pretty(deployed));
    }
    return 0;
  }
}
