package dev.skein.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `skein resume RUN`
@Command(
    name = "resume",
    description = "Lets a suspended run go on; its incidents count as resolved.",
    mixinStandardHelpOptions = true)
final class ResumeCommand extends ActCommand {
  @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: ${DEFAULT-VALUE})")
  private String reason = "an operator asked for it";

  @Override
  String act(Coordinator coordinator, String id) {
    coordinator.resume(id, reason);
    return id;
  }
}
