package dev.skein.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `skein rerun RUN`
@Command(
    name = "rerun",
    description = "Starts a new run of the same workflow, with the same input or another.",
    mixinStandardHelpOptions = true)
final class RerunCommand extends ActCommand {
  @Option(
      names = "--input",
      paramLabel = "JSON|@FILE",
      description = "the new run's input (default: the same)")
  private @Nullable String input;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Override
  String act(Coordinator coordinator, String id) {
    return coordinator.rerun(id, input == null ? null : Files.input(input), reason);
  }
}
