package dev.skein.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `skein signal RUN TYPE`
@Command(
    name = "signal",
    description = {
      "Sends an event to one run, which takes it when it listens for that type.",
      "When the command returns, the event is durable."
    },
    mixinStandardHelpOptions = true)
final class SignalCommand extends ActCommand {
  @Parameters(index = "1", paramLabel = "TYPE", description = "the event's type")
  private String type = "";

  @Option(names = "--input", paramLabel = "JSON|@FILE", description = "the event's data")
  private @Nullable String input;

  @Override
  String act(Coordinator coordinator, String id) {
    coordinator.signal(id, type, Files.input(input));
    return id;
  }
}
