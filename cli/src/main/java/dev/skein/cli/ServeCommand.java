package dev.skein.cli;

import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Skein;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.runtime.endpoint.Endpoints;
import dev.skein.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `skein serve`
@Command(
    name = "serve",
    description = {
      "Runs the coordinator as a server, with its REST API, until it is told to stop.",
      "Workflows in the folder 'workflows' are deployed first."
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final Path WORKFLOWS = Path.of("workflows");

  /// In the data directory: where the server of this data is reached.
  static final String ADDRESS = "server";

  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--port",
      description = "the port, 0 for any that is free (default: ${DEFAULT-VALUE})",
      defaultValue = "7400")
  private int port = 7400;

  @Option(
      names = "--host",
      description = "the address to bind to; only this machine's own (default: ${DEFAULT-VALUE})",
      defaultValue = "127.0.0.1")
  private String host = "127.0.0.1";

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!InetAddress.getByName(host).isLoopbackAddress()) {
      throw new Failures.Usage(
          "without a login the server binds only to this machine; put a proxy that asks for one in"
              + " front of it");
    }
    var stopped = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    try (Skein skein = Skein.open(data.location(), EngineOptions.DEFAULT, data.settings())) {
      serve(skein, stopped, over);
    } finally {
      over.countDown();
    }
    return 0;
  }

  private void serve(Skein skein, CountDownLatch stopped, CountDownLatch over)
      throws IOException, InterruptedException {
    deployAll(skein);
    Path address = Files.createDirectories(data.directory()).resolve(ADDRESS);
    try (var server = new Server(skein, host, port)) {
      Files.writeString(address, server.url());
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(stopped, over)));
      print(skein.endpoints());
      spec.commandLine().getErr().println("skein: serving on " + server.url());
      spec.commandLine().getErr().println("skein: its console is " + server.url() + "/console/");
      stopped.await();
      Files.deleteIfExists(address);
    }
  }

  /// The process may go only when everything is closed.
  private static void end(CountDownLatch stopped, CountDownLatch over) {
    stopped.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print(Endpoints endpoints) {
    for (Endpoint endpoint : endpoints.all()) {
      String line = "skein: publishes %s (%s)".formatted(endpoint, endpoint.workflow());
      spec.commandLine().getErr().println(line);
    }
  }

  private void deployAll(Skein skein) throws IOException {
    if (!Files.isDirectory(WORKFLOWS)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> inside = Files.list(WORKFLOWS)) {
      files = inside.filter(f -> f.toString().matches(".*\\.(yaml|yml|json)")).sorted().toList();
    }
    for (Path file : files) {
      var ref = skein.deployOrReplace(Files.readString(file), file);
      spec.commandLine().getErr().println("skein: deployed " + ref);
    }
  }
}
