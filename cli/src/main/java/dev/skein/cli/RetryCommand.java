package dev.skein.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `skein retry RUN`
@Command(
    name = "retry",
    description = {
      "Lets a faulted run go on from the task that failed.",
      "If what it had done could not be undone, undoing is tried again instead."
    },
    mixinStandardHelpOptions = true)
final class RetryCommand extends ActCommand {
  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Override
  String act(Coordinator coordinator, String id) {
    coordinator.retry(id, reason);
    return id;
  }
}
