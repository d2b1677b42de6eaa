package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Looking;
import dev.skein.runtime.view.RunView;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/// `skein ps`
@Command(
    name = "ps",
    description = "Lists runs, the newest first.",
    mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "only runs with this status: ${COMPLETION-CANDIDATES}")
  private Set<RunStatus> statuses = Set.of();

  @Option(names = "--workflow", paramLabel = "NAME", description = "only runs of this workflow")
  private @Nullable String workflow;

  @Option(
      names = "--limit",
      description = "at most so many (default: ${DEFAULT-VALUE})",
      defaultValue = "50")
  private int limit;

  @Option(names = "--json", description = "print the runs as JSON")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Looking looking = data.look()) {
      List<RunRow> runs = looking.list(new RunFilter(statuses, workflow, null, limit));
      if (json) {
        ArrayNode list = Json.NODES.arrayNode();
        runs.forEach(run -> list.add(RunView.summary(run)));
        out.println(Json.pretty(list));
      } else {
        print(runs, out);
      }
    }
    return 0;
  }

  private static void print(List<RunRow> runs, PrintWriter out) {
    int longestId = Math.max(2, runs.stream().mapToInt(run -> run.id().length()).max().orElse(2));
    String format = "%-" + longestId + "s  %-10s  %-20s  %s%n";
    out.printf(format, "ID", "STATUS", "STARTED", "WORKFLOW");
    for (RunRow run : runs) {
      out.printf(
          format,
          run.id(),
          run.status(),
          run.startedAt().truncatedTo(ChronoUnit.SECONDS),
          run.workflow());
    }
  }
}
