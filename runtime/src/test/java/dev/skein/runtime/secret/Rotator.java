package dev.skein.runtime.secret;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// A process that sets secrets and rotates without end, until it is killed.
final class Rotator implements AutoCloseable {
  private final Process process;
  private final BufferedReader told;

  private Rotator(Process process) {
    this.process = process;
    this.told = process.inputReader();
  }

  /// Says each rotation on a line.
  public static void main(String[] arguments) {
    var store = new SecretStore(Path.of(arguments[0]), Map.of(), InstantSource.system());
    for (int i = 0; ; i++) {
      store.set(arguments[1] + "-" + i % 10, "v");
      store.rotate();
      System.out.println(i);
    }
  }

  static Rotator start(Path data, String name) throws IOException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Rotator.class.getName(),
            data.toString(),
            name);
    return new Rotator(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void awaitRotations(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (told.readLine() == null) {
        throw new IOException("the process is over");
      }
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    told.close();
  }
}
