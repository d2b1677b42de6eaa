package dev.skein.cli.demo.checkout;

import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The demo's coordinator as a process of its own, so that it can be killed.
final class CoordinatorProcess {
  private CoordinatorProcess() {}

  /// @param arguments the store's directory, the services' URLs as JSON, and the number of steps
  ///   after which to die (0 for never)
  public static void main(String[] arguments) throws InterruptedException {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    new CheckoutCoordinator(Path.of(arguments[0]), Json.parse(arguments[1]), out)
        .run(Integer.parseInt(arguments[2]));
  }
}
