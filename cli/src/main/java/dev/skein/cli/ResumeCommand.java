package dev.skein.cli;

import dev.skein.runtime.Skein;
import picocli.CommandLine.Command;

/// `skein resume RUN`
@Command(
    name = "resume",
    description = "Lets a suspended run go on; its incidents count as resolved.",
    mixinStandardHelpOptions = true)
final class ResumeCommand extends ActCommand {
  @Override
  void act(Skein skein, String id) {
    skein.resume(id);
  }
}
