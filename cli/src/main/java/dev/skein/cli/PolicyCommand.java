package dev.skein.cli;

import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.connectors.policy.WorstCase;
import dev.skein.interpreter.Json;
import dev.skein.runtime.settings.Settings;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `skein policy`
@Command(
    name = "policy",
    description = "Shows what is agreed with the systems that workflows call.",
    mixinStandardHelpOptions = true,
    subcommands = {PolicyCommand.Explain.class, PolicyCommand.SchemaOfSettings.class})
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// `skein policy explain URL`
  @Command(
      name = "explain",
      description = "Shows what applies to a call, where each part comes from, and the worst case.",
      mixinStandardHelpOptions = true)
  static final class Explain implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private DataOption data = new DataOption();

    @Parameters(paramLabel = "URL", description = "what is called")
    private String url = "";

    @Option(names = "--method", description = "of the call (default: ${DEFAULT-VALUE})")
    private String method = "GET";

    @Option(
        names = "--workflow",
        paramLabel = "NAMESPACE/NAME",
        description = "the workflow that calls")
    private @Nullable String workflow;

    @Option(names = "--task", description = "the name of the task that calls")
    private @Nullable String task;

    @Option(names = "--json", description = "print the policy as JSON")
    private boolean json;

    @Override
    public Integer call() {
      String verb = method.toUpperCase(Locale.ROOT);
      var called = new Match.Call(verb, uri(), null, workflow, task, null);
      PolicyBook.Effective effective = data.settings().policies().effective(called, null);
      var explained = new Explanation(effective, data.config().toString());
      WorstCase worst = WorstCase.of(effective.policy(), verb);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        ObjectNode result = explained.json();
        result
            .putObject("worstCase")
            .put("attempts", worst.attempts())
            .put("seconds", worst.seconds());
        out.println(Json.pretty(result));
      } else {
        explained.print(out);
        out.println("worst case: " + worst.sentence());
      }
      return 0;
    }

    private URI uri() {
      try {
        URI uri = new URI(url);
        if (uri.getScheme() != null && uri.getRawAuthority() != null) {
          return uri;
        }
      } catch (URISyntaxException e) {
        throw new Failures.Usage("'" + url + "' is no URL: " + e.getReason());
      }
      throw new Failures.Usage("'" + url + "' is no URL; write it whole: https://host/path");
    }
  }

  /// `skein policy schema`
  @Command(
      name = "schema",
      description = "Prints the JSON Schema of skein.yaml, for editors.",
      mixinStandardHelpOptions = true)
  static final class SchemaOfSettings implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      spec.commandLine().getOut().print(Settings.schema());
      return 0;
    }
  }
}
