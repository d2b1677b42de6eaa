package dev.skein.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `skein fork RUN --from TASK`
@Command(
    name = "fork",
    description = {
      "Starts a run that goes on where a task of another has ended.",
      "What that run had done before counts as done; it stays as it is."
    },
    mixinStandardHelpOptions = true)
final class ForkCommand extends ActCommand {
  @Option(
      names = "--from",
      paramLabel = "TASK",
      required = true,
      description =
          "reference or name of a task that has ended, with # and its iteration in a loop")
  private String from = "";

  @Option(
      names = "--output",
      paramLabel = "JSON|@FILE",
      description = "what that task is to have put out (default: what it did)")
  private @Nullable String output;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Override
  String act(Coordinator coordinator, String id) {
    return coordinator.fork(id, from, output == null ? null : Files.input(output), reason);
  }
}
