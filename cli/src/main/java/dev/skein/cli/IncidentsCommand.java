package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// `skein incidents`, `skein incidents resolve|retry ID`
@Command(
    name = "incidents",
    description = "Lists the problems of runs that need somebody, and deals with them.",
    mixinStandardHelpOptions = true)
final class IncidentsCommand implements Runnable {
  private static final String ALL = "/api/v1/incidents";
  private static final String REASON = "an operator asked for it";

  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(names = "--json", description = "print the incidents as JSON")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    ArrayNode incidents = Json.NODES.arrayNode();
    try (Coordinator coordinator = data.act()) {
      String cursor = "";
      do {
        JsonNode page = coordinator.ask("GET", ALL + "?limit=500" + cursor, null);
        page.path("incidents").forEach(incidents::add);
        cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
      } while (!cursor.isEmpty());
    }
    if (json) {
      out.println(Json.pretty(incidents));
    } else if (incidents.isEmpty()) {
      out.println("nothing needs anybody");
    } else {
      incidents.forEach(incident -> print(incident, out));
    }
  }

  private static void print(JsonNode incident, PrintWriter out) {
    out.printf(
        "%s  %s  run %s%n  %s%n",
        incident.path("id").asString(),
        incident.path("openedAt").asString(),
        incident.path("run").asString(),
        incident.path("summary").asString());
    incident.path("details").asString("").lines().forEach(line -> out.println("    " + line));
  }

  private void act(DataOption where, String id, String verb, String reason) {
    try (Coordinator coordinator = where.act()) {
      JsonNode run =
          coordinator.ask(
              "POST",
              ALL + "/" + Coordinator.segment(id) + "/" + verb,
              Coordinator.because(reason));
      spec.commandLine()
          .getOut()
          .printf("run %s is %s%n", run.path("id").asString(), run.path("status").asString());
    }
  }

  @Command(
      name = "resolve",
      description = "Says that an incident was dealt with; the run stays as it is.",
      mixinStandardHelpOptions = true)
  void resolve(
      @Mixin DataOption where,
      @Parameters(paramLabel = "ID", description = "the incident's id") String id,
      @Option(names = "--reason", paramLabel = "TEXT", defaultValue = REASON, description = "why")
          String reason) {
    act(where, id, "resolve", reason);
  }

  @Command(
      name = "retry",
      description = "Lets the run try again what it stopped at.",
      mixinStandardHelpOptions = true)
  void retry(
      @Mixin DataOption where,
      @Parameters(paramLabel = "ID", description = "the incident's id") String id,
      @Option(names = "--reason", paramLabel = "TEXT", defaultValue = REASON, description = "why")
          String reason) {
    act(where, id, "retry", reason);
  }
}
