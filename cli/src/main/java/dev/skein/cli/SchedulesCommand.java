package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Looking;
import dev.skein.runtime.schedule.ScheduleView;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/// `skein schedules`
@Command(
    name = "schedules",
    description = "Lists the schedules of deployed workflows, pauses and resumes them.",
    mixinStandardHelpOptions = true)
final class SchedulesCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(names = "--json", description = "print the schedules as JSON")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (Looking looking = data.look()) {
      List<ScheduleView> schedules = looking.schedules();
      if (json) {
        ArrayNode list = Json.NODES.arrayNode();
        schedules.forEach(schedule -> list.add(schedule.json()));
        out.println(Json.pretty(list));
      } else {
        print(schedules, out);
      }
    }
  }

  private static void print(List<ScheduleView> schedules, PrintWriter out) {
    int longest =
        schedules.stream().mapToInt(s -> s.workflow().toString().length()).max().orElse(8);
    String format = "%-" + longest + "s  %-27s  %-32s  %s%n";
    out.printf(format, "WORKFLOW", "NEXT", "WHEN", "LAST RUN");
    for (ScheduleView schedule : schedules) {
      Object next = schedule.next() == null ? "-" : schedule.next();
      out.printf(
          format,
          schedule.workflow(),
          schedule.paused() ? "paused" : next,
          schedule.when(),
          schedule.lastRun() == null ? "-" : schedule.lastRun());
    }
  }

  private static void act(DataOption where, String name, String verb) {
    String[] parts = name.split("/", -1);
    if (parts.length != 2) {
      throw new Failures.Usage("a schedule is named NAMESPACE/NAME, not '" + name + "'");
    }
    String path =
        "/api/v1/schedules/%s/%s/%s"
            .formatted(Coordinator.segment(parts[0]), Coordinator.segment(parts[1]), verb);
    try (Coordinator coordinator = where.act()) {
      var _ = coordinator.ask("POST", path, Json.NODES.objectNode());
    }
  }

  @Command(
      name = "pause",
      description = "Holds the schedule of a workflow: what comes due meanwhile is dropped.",
      mixinStandardHelpOptions = true)
  void pause(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAMESPACE/NAME", description = "the workflow") String name) {
    act(where, name, "pause");
  }

  @Command(
      name = "resume",
      description = "Goes on with the schedule of a workflow.",
      mixinStandardHelpOptions = true)
  void resume(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAMESPACE/NAME", description = "the workflow") String name) {
    act(where, name, "resume");
  }
}
