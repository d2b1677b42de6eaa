package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `skein doctor`
@Command(
    name = "doctor",
    description = {
      "Checks what Skein stands on: Java, the data directory, the store, skein.yaml, workflows,",
      "secrets, clocks; and what needs somebody. Changes nothing. Exit code 1 if there is a problem."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(names = "--json", description = "print what was found as JSON")
  private boolean json;

  @Override
  public Integer call() {
    var findings = new ArrayList<Finding>();
    findings.addAll(new MachineCheck(data).findings());
    findings.addAll(new ProjectCheck(data, System.getenv()).findings());
    findings.addAll(new StoreCheck(data, InstantSource.system()).findings());
    boolean well = findings.stream().noneMatch(f -> f.state() == Finding.State.PROBLEM);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode result = Json.NODES.objectNode().put("well", well);
      ArrayNode checks = result.putArray("checks");
      findings.forEach(finding -> checks.add(finding.json()));
      out.println(Json.pretty(result));
    } else {
      print(findings, out);
    }
    return well ? 0 : 1;
  }

  private static void print(List<Finding> findings, PrintWriter out) {
    for (Finding finding : findings) {
      out.printf(
          "%-7s  %-11s  %s%n", finding.state(), finding.check(), printable(finding.message()));
      if (finding.advice() != null) {
        out.printf("%22s%s%n", "", "→ " + printable(finding.advice()));
      }
    }
  }

  /// Names come from files of others, too.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cc}+", " ");
  }
}
