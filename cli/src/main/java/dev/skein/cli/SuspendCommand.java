package dev.skein.cli;

import dev.skein.runtime.Skein;
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
  void act(Skein skein, String id) {
    skein.suspend(id, reason);
  }
}
