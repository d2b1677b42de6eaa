package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Looking;
import dev.skein.runtime.Skein;
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

  @Command(
      name = "pause",
      description = "Holds the schedule of a workflow: what comes due meanwhile is dropped.",
      mixinStandardHelpOptions = true)
  void pause(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAMESPACE/NAME", description = "the workflow") String name) {
    try (Skein skein = where.visit()) {
      new WrittenDown(skein).changing("pauseSchedule", name, null, () -> skein.pauseSchedule(name));
    }
  }

  @Command(
      name = "resume",
      description = "Goes on with the schedule of a workflow.",
      mixinStandardHelpOptions = true)
  void resume(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAMESPACE/NAME", description = "the workflow") String name) {
    try (Skein skein = where.visit()) {
      new WrittenDown(skein)
          .changing("resumeSchedule", name, null, () -> skein.resumeSchedule(name));
    }
  }
}
