package dev.skein.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// `--data DIR`, as every command that has to do with runs takes it.
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the data directory (default: ${DEFAULT-VALUE})",
      defaultValue = ".skein")
  private Path directory = Path.of(".skein");

  Path directory() {
    return directory;
  }
}
