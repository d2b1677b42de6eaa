package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What the verbs that do something to one run have in common: they open its data directory, do it,
/// and say how the run stands. Its other runs go on a little meanwhile, and are handed back.
abstract class ActCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(index = "0", paramLabel = "RUN", description = "the run's id")
  private String id = "";

  @Option(names = "--json", description = "print {id, status} as JSON")
  private boolean json;

  abstract void act(Skein skein, String id);

  @Override
  public Integer call() {
    try (Skein skein = data.visit()) {
      act(skein, id);
      String status = skein.run(id).status();
      String text =
          json
              ? Json.pretty(Json.NODES.objectNode().put("id", id).put("status", status))
              : "run " + id + " is " + status;
      spec.commandLine().getOut().println(text);
    }
    return 0;
  }
}
