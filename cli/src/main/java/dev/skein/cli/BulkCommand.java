package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `skein bulk ACTION`
@Command(
    name = "bulk",
    description = {
      "Does one thing to all runs that a filter finds: cancel, suspend, resume, retry or rerun.",
      "Without --yes it only counts them."
    },
    mixinStandardHelpOptions = true)
final class BulkCommand implements Callable<Integer> {
  private static final long BETWEEN_LOOKS_MILLIS = 200;

  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(
      index = "0",
      paramLabel = "ACTION",
      description = "cancel, suspend, resume, retry or rerun; undo takes back --id")
  private String action = "";

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "only runs with one of these statuses, with commas between")
  private @Nullable String status;

  @Option(
      names = "--workflow",
      paramLabel = "NAME",
      description = "only runs of this workflow: name or namespace/name")
  private @Nullable String workflow;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "only runs with this search attribute; may be repeated")
  private @Nullable Map<String, String> attributes;

  @Option(names = "--from", paramLabel = "TIME", description = "only runs started then or later")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "only runs started before that")
  private @Nullable String to;

  @Option(names = "--text", description = "what a run's id or an attribute begins with")
  private @Nullable String text;

  @Option(names = "--id", description = "what was done before and is to be taken back by undo")
  private @Nullable String id;

  @Option(names = "--yes", description = "do it")
  private boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Option(names = "--json", description = "print the count, or what was done, as JSON")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    try (Coordinator coordinator = data.act()) {
      if (action.equals("undo")) {
        return undo(coordinator);
      }
      ObjectNode order = Coordinator.because(reason).put("action", action).put("dryRun", !yes);
      order.set("filter", filter());
      JsonNode answer = coordinator.ask("POST", "/api/v1/runs/bulk", order);
      return yes ? follow(coordinator, answer) : count(answer);
    }
  }

  private int undo(Coordinator coordinator) throws InterruptedException {
    if (id == null) {
      throw new Failures.Usage("say by --id what is to be taken back");
    }
    String path = "/api/v1/bulk/" + Coordinator.segment(id) + "/undo";
    return follow(coordinator, coordinator.ask("POST", path, Coordinator.because(reason)));
  }

  private ObjectNode filter() {
    ObjectNode filter = Json.NODES.objectNode();
    put(filter, "status", status);
    put(filter, "workflow", workflow);
    put(filter, "from", from);
    put(filter, "to", to);
    put(filter, "q", text);
    if (attributes != null) {
      ObjectNode wanted = filter.putObject("attributes");
      attributes.forEach(wanted::put);
    }
    return filter;
  }

  private static void put(ObjectNode filter, String name, @Nullable String value) {
    if (value != null) {
      filter.put(name, value);
    }
  }

  private int count(JsonNode count) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(count));
      return 0;
    }
    int matched = count.path("matched").asInt();
    out.printf("%s would be done to %d run%s%n", action, matched, matched == 1 ? "" : "s");
    count.path("runs").forEach(run -> out.println("  " + run.asString()));
    if (matched > count.path("runs").size()) {
      out.println("  …");
    }
    out.println("--yes does it");
    return 0;
  }

  /// Tells how far it is until it is done; 1 if a run refused.
  private int follow(Coordinator coordinator, JsonNode begun) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    String path = "/api/v1/bulk/" + Coordinator.segment(begun.path("id").asString());
    JsonNode bulk = begun;
    while (!bulk.path("status").asString().equals("done")) {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
      bulk = coordinator.ask("GET", path, null);
      if (!json) {
        err.printf("%d of %d%n", bulk.path("done").asInt(), bulk.path("matched").asInt());
      }
    }
    tell(bulk);
    return bulk.path("refused").asInt() == 0 ? 0 : 1;
  }

  private void tell(JsonNode bulk) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(bulk));
      return;
    }
    out.printf(
        "%s: %d done, %d refused (id %s)%n",
        bulk.path("action").asString(),
        bulk.path("done").asInt(),
        bulk.path("refused").asInt(),
        bulk.path("id").asString());
    for (JsonNode refusal : bulk.path("refusals")) {
      out.printf("  %s: %s%n", refusal.path("run").asString(), refusal.path("message").asString());
    }
    if (bulk.hasNonNull("undo")) {
      out.printf("skein bulk undo --id %s takes it back%n", bulk.path("id").asString());
    }
  }
}
