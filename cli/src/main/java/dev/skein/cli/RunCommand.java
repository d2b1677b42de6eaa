package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.Skein;
import dev.skein.runtime.view.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `skein run FILE`
@Command(
    name = "run",
    description = {
      "Runs a workflow to its end: output on stdout, progress on stderr.",
      "With --id, the same command goes on where an interrupted one stopped."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "FILE", description = "the workflow, YAML or JSON")
  private @Nullable Path file;

  @Option(names = "--input", paramLabel = "JSON|@FILE", description = "the workflow's input")
  private @Nullable String input;

  @Option(names = "--id", description = "the run's id (default: a new one)")
  private @Nullable String id;

  @Option(names = "--json", description = "print {id, status, output, error} as JSON")
  private boolean json;

  @Option(names = "--quiet", description = "no progress on stderr")
  private boolean quiet;

  @Override
  public Integer call() throws InterruptedException {
    Path workflow = file == null ? Path.of("") : file;
    Remarks remarks = Remarks.on(workflow); // before anything is written
    JsonNode given = Files.input(input);
    remarks.print(spec.commandLine().getErr());
    if (remarks.refused()) {
      return 1;
    }
    try (Skein skein = data.visit()) {
      return report(run(skein, skein.keep(remarks.text(), workflow), given));
    } catch (InvalidDefinition e) { // by what it refers to
      new Remarks(workflow, remarks.text(), e.diagnostics()).print(spec.commandLine().getErr());
      return 1;
    }
  }

  private RunView run(Skein skein, WorkflowRef ref, JsonNode given) throws InterruptedException {
    try (Progress progress = quiet ? Progress.none() : Progress.on(spec.commandLine().getErr())) {
      skein.watch(progress);
      String run = skein.start(ref, given, id).id();
      progress.follow(run);
      RunView ended = null;
      while (ended == null) {
        ended = skein.await(run, PATIENCE);
        progress.tick();
      }
      return ended;
    }
  }

  private int report(RunView run) {
    boolean completed = run.status().equals("completed");
    if (json) {
      ObjectNode result = Json.NODES.objectNode();
      result.put("id", run.id());
      result.put("status", run.status());
      result.set("output", run.output() == null ? Json.NODES.nullNode() : run.output());
      result.set("error", run.error() == null ? Json.NODES.nullNode() : run.error());
      spec.commandLine().getOut().println(Json.pretty(result));
    } else if (run.output() != null) {
      spec.commandLine().getOut().println(Json.pretty(run.output()));
    }
    if (!completed && !json) {
      spec.commandLine()
          .getErr()
          .println("skein: run " + run.id() + " is " + run.status() + ": " + reason(run));
    }
    return completed ? 0 : 1;
  }

  private static String reason(RunView run) {
    JsonNode error = run.error();
    if (error == null) {
      return "no error was given";
    }
    String title = error.path("title").asString(error.path("type").asString(""));
    String detail = error.path("detail").asString("");
    String instance = error.path("instance").asString("");
    return title
        + (detail.isEmpty() ? "" : ": " + detail)
        + (instance.isEmpty() ? "" : " (at " + instance + ")");
  }
}
