package dev.skein.cli;

import dev.skein.cli.demo.checkout.CheckoutDemo;
import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `skein demo NAME`
@Command(
    name = "demo",
    description = {
      "Runs a demo. There is one: checkout, which takes orders through payment, inventory and shipping.",
      "With --crash the coordinator is killed in the middle and started again."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "the demo: checkout")
  private String name = "";

  @Option(names = "--crash", description = "kill the coordinator (kill -9) in the middle")
  private boolean crash;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where to keep the ledgers and the runs (default: a new temporary folder)")
  private @Nullable Path data;

  @Option(names = "--json", description = "print the ledgers as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!name.equals("checkout")) {
      throw new Failures.Usage("there is no demo '" + name + "'; there is: checkout");
    }
    Path folder = data == null ? java.nio.file.Files.createTempDirectory("skein-demo-") : data;
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = json ? spec.commandLine().getErr() : out;
    CheckoutDemo.Result result = new CheckoutDemo(folder, progress).run(crash);
    if (json) {
      ObjectNode ledgers = Json.NODES.objectNode();
      ledgers.put("consistent", result.consistent());
      ledgers.set("payment", result.ledgers().payment());
      ledgers.set("inventory", result.ledgers().inventory());
      ledgers.set("shipping", result.ledgers().shipping());
      out.println(Json.pretty(ledgers));
    } else {
      out.println();
      out.println(result.ledgers().render());
      out.println(
          result.consistent()
              ? "for each order all three parts hold, or none does"
              : "the ledgers do not agree: this must not happen");
    }
    progress.println("data in " + folder);
    return result.consistent() ? 0 : 1;
  }
}
