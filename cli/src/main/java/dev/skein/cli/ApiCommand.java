package dev.skein.cli;

import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.Change;
import dev.skein.connectors.openapi.Change.Level;
import dev.skein.connectors.openapi.Compatibility;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `skein api`
@Command(
    name = "api",
    description = "Judges APIs by their OpenAPI documents.",
    mixinStandardHelpOptions = true,
    subcommands = ApiCommand.Diff.class)
final class ApiCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// `skein api diff OLD NEW`
  @Command(
      name = "diff",
      description = {
        "Says what a new version of an API means for those who call it as it was.",
        "Exit code 1 if something breaks."
      },
      mixinStandardHelpOptions = true)
  static final class Diff implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        index = "0",
        paramLabel = "OLD",
        description = "an OpenAPI or Swagger document: a file or a URL")
    private String old = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "the same API later")
    private String later = "";

    @Option(
        names = "--fail-on",
        paramLabel = "LEVEL",
        description = "exit with 1 from here on: breaking, risky (default: ${DEFAULT-VALUE})",
        defaultValue = "breaking")
    private Level failOn = Level.BREAKING;

    @Option(names = "--json", description = "print the differences as JSON")
    private boolean json;

    @Override
    public Integer call() {
      List<Change> changes = changes();
      if (json) {
        printJson(changes);
      } else {
        print(changes);
      }
      return changes.stream().anyMatch(it -> it.level().compareTo(failOn) <= 0) ? 1 : 0;
    }

    private List<Change> changes() {
      ApiDocument before = ApiFiles.read(old);
      ApiDocument after = ApiFiles.read(later);
      try {
        return Compatibility.between(before, after);
      } catch (InvalidApi e) {
        throw new Failures.Usage("the documents do not hold together: " + e.getMessage());
      }
    }

    private void print(List<Change> changes) {
      PrintWriter out = spec.commandLine().getOut();
      changes.forEach(it -> out.printf("%-11s %s%n", name(it.level()), it));
      if (changes.isEmpty()) {
        out.println("no differences that matter to callers");
      } else {
        out.printf(
            "%d breaking, %d risky, %d compatible%n",
            count(changes, Level.BREAKING),
            count(changes, Level.RISKY),
            count(changes, Level.COMPATIBLE));
      }
    }

    private void printJson(List<Change> changes) {
      ObjectNode all = Json.NODES.objectNode();
      for (Level level : Level.values()) {
        all.put(name(level), count(changes, level));
      }
      var list = all.putArray("changes");
      for (Change change : changes) {
        list.addObject()
            .put("level", name(change.level()))
            .put("operation", change.operation())
            .put("where", change.where())
            .put("what", change.what());
      }
      spec.commandLine().getOut().println(Json.pretty(all));
    }

    private static long count(List<Change> changes, Level level) {
      return changes.stream().filter(it -> it.level() == level).count();
    }

    private static String name(Level level) {
      return level.name().toLowerCase(Locale.ROOT);
    }
  }
}
