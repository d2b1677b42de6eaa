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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `skein schedules`
@Command(
    name = "schedules",
    description = {
      "Lists the schedules of deployed workflows, pauses and resumes them,",
      "makes up for starts."
    },
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

  private static JsonNode act(DataOption where, String name, String verb, ObjectNode body) {
    String[] parts = name.split("/", -1);
    if (parts.length != 2) {
      throw new Failures.Usage("a schedule is named NAMESPACE/NAME, not '" + name + "'");
    }
    String path =
        "/api/v1/schedules/%s/%s/%s"
            .formatted(Coordinator.segment(parts[0]), Coordinator.segment(parts[1]), verb);
    try (Coordinator coordinator = where.act()) {
      return coordinator.ask("POST", path, body);
    }
  }

  @Command(
      name = "backfill",
      description = {
        "Makes the starts that a schedule would have made in a time that is over.",
        "What was started then is not started again."
      },
      mixinStandardHelpOptions = true)
  void backfill(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAMESPACE/NAME", description = "the workflow") String name,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              required = true,
              description = "with that time")
          String from,
      @Option(names = "--to", paramLabel = "TIME", required = true, description = "with that time")
          String to,
      @Option(names = "--dry-run", description = "only say what would be started") boolean dry,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "an operator asked for it",
              description = "why (default: ${DEFAULT-VALUE})")
          String reason,
      @Option(names = "--json", description = "print the starts as JSON") boolean asJson) {
    JsonNode starts =
        act(
                where,
                name,
                "backfill",
                Coordinator.because(reason).put("from", from).put("to", to).put("dryRun", dry))
            .path("starts");
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(Json.pretty(starts));
      return;
    }
    for (JsonNode start : starts) {
      String what =
          start.path("there").asBoolean() ? "was there" : dry ? "would be started" : "started";
      out.printf("%s  %s  %s%n", start.path("due").asString(), start.path("run").asString(), what);
    }
    if (starts.isEmpty()) {
      out.println("nothing was due between these times");
    }
  }

  @Command(
      name = "pause",
      description = "Holds the schedule of a workflow: what comes due meanwhile is dropped.",
      mixinStandardHelpOptions = true)
  void pause(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAMESPACE/NAME", description = "the workflow") String name) {
    var _ = act(where, name, "pause", Json.NODES.objectNode());
    spec.commandLine().getOut().println(name + " is paused");
  }

  @Command(
      name = "resume",
      description = "Goes on with the schedule of a workflow.",
      mixinStandardHelpOptions = true)
  void resume(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAMESPACE/NAME", description = "the workflow") String name) {
    var _ = act(where, name, "resume", Json.NODES.objectNode());
    spec.commandLine().getOut().println(name + " goes on");
  }
}
