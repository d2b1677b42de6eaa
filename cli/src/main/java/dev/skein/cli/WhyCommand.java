package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.WakeReason;
import dev.skein.kernel.store.Incident;
import dev.skein.runtime.Looking;
import dev.skein.runtime.view.RunView;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `skein why RUN`
@Command(
    name = "why",
    description = "Says why a run is not at its end, and what will make it go on.",
    mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "RUN", description = "the run's id")
  private String id = "";

  @Option(names = "--json", description = "print the reasons as JSON")
  private boolean json;

  @Override
  public Integer call() {
    try (Looking looking = data.look()) {
      RunView run = looking.run(id);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        ObjectNode result = Json.NODES.objectNode();
        result.put("id", run.id());
        result.put("status", run.status());
        result.set("waitingFor", RunView.reasons(run.waitingFor()));
        out.println(Json.pretty(result));
        return 0;
      }
      if (run.waitingFor().isEmpty()) {
        out.println("run " + run.id() + " has ended: it is " + run.status());
      }
      for (WakeReason reason : run.waitingFor()) {
        out.println("run " + run.id() + " is " + run.status() + ": " + reason);
      }
      for (Incident incident : run.incidents()) {
        out.println(incident.summary());
        out.println(incident.details());
      }
    }
    return 0;
  }
}
