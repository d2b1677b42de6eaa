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
import tools.jackson.databind.node.ObjectNode;

/// `skein alerts`, `skein alerts silence|unsilence|test NAME`
@Command(
    name = "alerts",
    description = "Lists the alerts of the settings, silences and tests them.",
    mixinStandardHelpOptions = true)
final class AlertsCommand implements Runnable {
  private static final String ALL = "/api/v1/alerts";
  private static final String REASON = "an operator asked for it";

  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(names = "--json", description = "print the alerts as JSON")
  private boolean json;

  @Override
  public void run() {
    try (Coordinator coordinator = data.act()) {
      print(coordinator.ask("GET", ALL, null).path("alerts"), json);
    }
  }

  private void print(JsonNode alerts, boolean asJson) {
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(Json.pretty(alerts));
      return;
    }
    if (alerts.isEmpty()) {
      out.println("the settings have no alerts");
      return;
    }
    int longest = 5;
    for (JsonNode alert : alerts) {
      longest = Math.max(longest, alert.path("name").asString().length());
    }
    String format = "%-" + longest + "s  %-8s  %-8s  %-27s  %s%n";
    out.printf(format, "ALERT", "SEVERITY", "STATE", "SINCE", "");
    for (JsonNode alert : alerts) {
      out.printf(
          format,
          alert.path("name").asString(),
          alert.path("severity").asString(),
          alert.path("state").asString(),
          alert.path("since").asString("-"),
          remark(alert));
    }
  }

  private static String remark(JsonNode alert) {
    String problem = alert.path("problem").asString("");
    if (!problem.isEmpty()) {
      return "cannot be told: " + problem;
    }
    String silenced = alert.path("silencedUntil").asString("");
    String summary = alert.path("summary").asString("");
    return silenced.isEmpty() ? summary : "silenced until %s  %s".formatted(silenced, summary);
  }

  private JsonNode act(DataOption where, String name, String verb, ObjectNode body) {
    try (Coordinator coordinator = where.act()) {
      return coordinator.ask("POST", ALL + "/" + Coordinator.segment(name) + "/" + verb, body);
    }
  }

  @Command(
      name = "silence",
      description = "Keeps everybody from being told of an alert for a while.",
      mixinStandardHelpOptions = true)
  void silence(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAME", description = "the alert") String name,
      @Option(
              names = "--for",
              paramLabel = "DURATION",
              required = true,
              description = "how long: PT2H")
          String length,
      @Option(names = "--reason", paramLabel = "TEXT", defaultValue = REASON, description = "why")
          String reason) {
    print(
        act(where, name, "silence", Coordinator.because(reason).put("for", length)).path("alerts"),
        false);
  }

  @Command(
      name = "unsilence",
      description = "Ends the silences of an alert.",
      mixinStandardHelpOptions = true)
  void unsilence(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAME", description = "the alert") String name,
      @Option(names = "--reason", paramLabel = "TEXT", defaultValue = REASON, description = "why")
          String reason) {
    print(act(where, name, "unsilence", Coordinator.because(reason)).path("alerts"), false);
  }

  @Command(
      name = "test",
      description = "Tells all whom an alert would tell that this is a test.",
      mixinStandardHelpOptions = true)
  void test(
      @Mixin DataOption where,
      @Parameters(paramLabel = "NAME", description = "the alert") String name,
      @Option(names = "--reason", paramLabel = "TEXT", defaultValue = REASON, description = "why")
          String reason) {
    JsonNode run = act(where, name, "test", Coordinator.because(reason));
    spec.commandLine()
        .getOut()
        .printf("run %s tells them; 'skein show' says how that went%n", run.path("id").asString());
  }
}
