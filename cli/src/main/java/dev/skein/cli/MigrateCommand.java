package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `skein migrate RUN --to VERSION`
@Command(
    name = "migrate",
    description = {
      "Moves an open run to another version of its workflow.",
      "That works if what the run has done is what that version would have done, too; if not, the",
      "differences are told, and the run stays as it is."
    },
    mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(index = "0", paramLabel = "RUN", description = "the run's id")
  private String id = "";

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      required = true,
      description = "a version of the run's workflow that is deployed")
  private String version = "";

  @Option(names = "--dry-run", description = "only say whether it fits")
  private boolean dry;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Option(names = "--json", description = "print {from, to, fits, differences} as JSON")
  private boolean json;

  @Override
  public Integer call() {
    try (Coordinator coordinator = data.act()) {
      JsonNode verdict =
          coordinator.act(
              id,
              "migrate",
              Coordinator.because(reason).put("version", version).put("dryRun", dry));
      tell(verdict);
      return verdict.path("fits").asBoolean() ? 0 : 1;
    } catch (Failures.Refused refused) {
      JsonNode problem = refused.problem();
      if (problem != null) {
        print(problem.path("differences"), spec.commandLine().getErr());
      }
      throw refused;
    }
  }

  private void tell(JsonNode verdict) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(verdict));
    } else if (!verdict.path("fits").asBoolean()) {
      out.printf("run %s does not fit version %s:%n", id, version);
      print(verdict.path("differences"), out);
    } else {
      String what = dry ? "run %s fits version %s%n" : "run %s goes on with version %s%n";
      out.printf(what, id, version);
    }
  }

  private static void print(JsonNode differences, PrintWriter out) {
    for (JsonNode difference : differences) {
      out.println("- the run has: " + difference.path("recorded").asString());
      if (difference.hasNonNull("now")) {
        out.println("+ that version asks for: " + difference.path("now").asString());
      }
    }
  }
}
