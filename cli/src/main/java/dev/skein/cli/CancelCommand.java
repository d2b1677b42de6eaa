package dev.skein.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `skein cancel RUN`
@Command(
    name = "cancel",
    description = "Stops a run and undoes what it has done.",
    mixinStandardHelpOptions = true)
final class CancelCommand extends ActCommand {
  /// What is not undone by then goes on when the data directory is opened next.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Override
  String act(Coordinator coordinator, String id) {
    coordinator.cancel(id, reason);
    return id;
  }

  @Override
  Duration patience() {
    return PATIENCE;
  }
}
