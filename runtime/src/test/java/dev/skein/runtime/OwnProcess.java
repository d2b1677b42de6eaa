package dev.skein.runtime;

import dev.skein.interpreter.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Runs a workflow in a process of its own, so that it can be killed.
final class OwnProcess {
  private OwnProcess() {}

  /// Says `started` when the run is durable.
  ///
  /// @param arguments data directory, file of the workflow, its name, the run's id
  public static void main(String[] arguments) throws Exception {
    try (Skein skein = Skein.open(Path.of(arguments[0]))) {
      skein.deploy(Files.readString(Path.of(arguments[1])));
      skein.start(arguments[2], Json.NODES.objectNode(), arguments[3]);
      System.out.println("started");
      skein.await(arguments[3], Duration.ofMinutes(1));
    }
  }

  static Process start(Path data, Path workflow, String name, String run) throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            OwnProcess.class.getName(),
            data.toString(),
            workflow.toString(),
            name,
            run);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
