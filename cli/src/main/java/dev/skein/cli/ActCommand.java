package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What the verbs that do something to one run have in common: they find who coordinates it, have
/// it done, and say how the run stands. Without a server, the other runs of the data directory go
/// on a little meanwhile, and are handed back.
abstract class ActCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(index = "0", paramLabel = "RUN", description = "the run's id")
  private String id = "";

  @Option(names = "--json", description = "print {id, status} as JSON")
  private boolean json;

  /// @return whose status is to be told
  abstract String act(Coordinator coordinator, String id);

  /// How long the run may take to an end that is to be told.
  Duration patience() {
    return Duration.ZERO;
  }

  @Override
  public Integer call() {
    try (Coordinator coordinator = data.act()) {
      String run = act(coordinator, id);
      String status = coordinator.status(run, patience());
      String text =
          json
              ? Json.pretty(Json.NODES.objectNode().put("id", run).put("status", status))
              : "run " + run + " is " + status;
      spec.commandLine().getOut().println(text);
    }
    return 0;
  }
}
