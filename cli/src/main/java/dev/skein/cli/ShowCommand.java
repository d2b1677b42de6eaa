package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.Incident;
import dev.skein.runtime.Looking;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `skein show RUN`
@Command(
    name = "show",
    description = "Shows a run: its tasks, input, output, error.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "RUN", description = "the run's id")
  private String id = "";

  @Option(names = "--json", description = "print the run, with its tasks, as JSON")
  private boolean json;

  @Override
  public Integer call() {
    try (Looking looking = data.look()) {
      RunView run = looking.run(id);
      List<TaskView> tasks = looking.tasks(id);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        ObjectNode result = run.toJson();
        ArrayNode list = result.putArray("tasks");
        tasks.forEach(task -> list.add(task.toJson()));
        out.println(Json.pretty(result));
      } else {
        print(run, tasks, out);
      }
    }
    return 0;
  }

  private static void print(RunView run, List<TaskView> tasks, PrintWriter out) {
    out.printf("run       %s%n", run.id());
    out.printf("workflow  %s%n", run.row().workflow());
    out.printf("status    %s%n", run.status());
    out.printf("started   %s%n", run.row().startedAt());
    if (run.row().progress().endedAt() != null) {
      out.printf("ended     %s%n", run.row().progress().endedAt());
    }
    run.waitingFor().forEach(reason -> out.printf("open      %s%n", reason));
    if (!tasks.isEmpty()) {
      out.println("tasks");
      tasks.forEach(task -> out.println("  " + line(task)));
    }
    if (run.input() != null) {
      out.printf("input     %s%n", Json.text(run.input()));
    }
    if (run.output() != null) {
      out.printf("output    %s%n", Json.text(run.output()));
    }
    if (run.error() != null) {
      out.printf("error     %s%n", Json.text(run.error()));
    }
    for (Incident incident : run.incidents()) {
      out.printf("incident  %s: %s%n%s%n", incident.kind(), incident.summary(), incident.details());
    }
  }

  private static String line(TaskView task) {
    String place = task.reference() + (task.iteration() == null ? "" : "#" + task.iteration());
    String took =
        task.endedAt() == null ? "" : "  " + Progress.took(task.startedAt(), task.endedAt());
    String error = task.error() == null ? "" : "  " + task.error().path("title").asString("");
    return "%-10s %s%s%s".formatted(task.status(), place, took, error);
  }
}
