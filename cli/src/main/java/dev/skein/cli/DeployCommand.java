package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.Skein;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
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

  /// Who keeps a workflow; null if it was refused, and the mistakes were told.
  private interface Keeper {
    @Nullable WorkflowRef keep(Remarks remarks);
  }

  @Override
  public Integer call() {
    try (Coordinator server = data.server()) {
      if (server != null) {
        return deployAll(remarks -> deploy(server, remarks));
      }
    }
    try (Skein skein = data.visit()) {
      return deployAll(remarks -> deploy(skein, remarks));
    }
  }

  private @Nullable WorkflowRef deploy(Skein skein, Remarks remarks) {
    try {
      return new WrittenDown(skein)
          .doing(
              "deploy",
              remarks.file().toString(),
              null,
              () -> deploy(skein, remarks.text(), remarks.file()));
    } catch (InvalidDefinition e) { // by what it refers to
      new Remarks(remarks.file(), remarks.text(), e.diagnostics())
          .print(spec.commandLine().getErr());
      return null;
    }
  }

  private @Nullable WorkflowRef deploy(Coordinator server, Remarks remarks) {
    try {
      JsonNode kept = server.deploy(remarks.text(), replace);
      return new WorkflowRef(
          kept.path("namespace").asString(),
          kept.path("name").asString(),
          kept.path("version").asString());
    } catch (Failures.Refused refused) {
      JsonNode problem = refused.problem();
      if (problem == null || !problem.has("diagnostics")) {
        throw refused;
      }
      for (JsonNode mistake : problem.path("diagnostics")) {
        spec.commandLine()
            .getErr()
            .printf(
                "%s:%d:%d %s%n",
                remarks.file(),
                mistake.path("line").asInt(),
                mistake.path("column").asInt(),
                mistake.path("message").asString());
      }
      return null;
    }
  }

  private int deployAll(Keeper keeper) {
    ArrayNode deployed = Json.NODES.arrayNode();
    for (Path file : files) {
      Remarks remarks = Remarks.on(file);
      remarks.print(spec.commandLine().getErr());
      WorkflowRef ref = remarks.refused() ? null : keeper.keep(remarks);
      if (ref == null) {
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
    if (json) {
      spec.commandLine().getOut().println(Json.pretty(deployed));
    }
    return 0;
  }
}
