package dev.skein.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `skein suspend RUN`
@Command(
    name = "suspend",
    description = "Holds a run until it is resumed; steps under way finish.",
    mixinStandardHelpOptions = true)
final class SuspendCommand extends ActCommand {
  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Override
  String act(Coordinator coordinator, String id) {
    coordinator.suspend(id, reason);
    return id;
  }
}
