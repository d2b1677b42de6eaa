package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `skein start NAME`
@Command(
    name = "start",
    description = {
      "Starts a run of a deployed workflow and prints its id.",
      "The run is durable when the command returns, and goes on while somebody serves its data."
    },
    mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(
      paramLabel = "NAME",
      description = "NAME, NAMESPACE/NAME or NAMESPACE/NAME:VERSION; the newest without a version")
  private String name = "";

  @Option(names = "--input", paramLabel = "JSON|@FILE", description = "the workflow's input")
  private @Nullable String input;

  @Option(names = "--id", description = "the run's id (default: a new one)")
  private @Nullable String id;

  @Option(names = "--json", description = "print {id} as JSON")
  private boolean json;

  @Override
  public Integer call() {
    JsonNode given = Files.input(input);
    try (Coordinator coordinator = data.act()) {
      String run = coordinator.start(name, given, id);
      spec.commandLine()
          .getOut()
          .println(json ? Json.pretty(Json.NODES.objectNode().put("id", run)) : run);
    }
    return 0;
  }
}
