package dev.skein.cli;

import dev.skein.cli.log.Logging;
import dev.skein.cli.log.RunLog;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Skein;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.runtime.endpoint.Endpoints;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.Server;
import dev.skein.server.ServerOptions;
import dev.skein.server.access.Identities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
      description = "the port, 0 for any that is free (default: the settings', else 7400)")
  private @Nullable Integer port;

  @Option(
      names = "--host",
      description = {
        "the address to bind to; any but this machine's own only once there is a key",
        "(default: the settings', else 127.0.0.1)"
      })
  private @Nullable String host;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings settings = data.settings();
    Logging.set(settings.telemetry().logs());
    var stopped = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    try (Skein skein = Skein.open(data.location(), EngineOptions.DEFAULT, settings)) {
      serve(skein, options(skein, settings), stopped, over);
    } finally {
      over.countDown();
    }
    return 0;
  }

  private void serve(
      Skein skein, ServerOptions options, CountDownLatch stopped, CountDownLatch over)
      throws IOException, InterruptedException {
    skein.watch(new RunLog());
    deployAll(skein);
    Path address = Files.createDirectories(data.directory()).resolve(ADDRESS);
    String localKey = Identities.localKey(skein.access().keys());
    try (var server = new Server(skein, options.withLocalKey(localKey));
        var _ = LocalKey.leave(data.directory(), localKey)) {
      Files.writeString(address, server.url());
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(stopped, over)));
      print(skein.endpoints());
      spec.commandLine().getErr().println("skein: serving on " + server.url());
      spec.commandLine().getErr().println("skein: its console is " + server.url() + "/console/");
      if (!server.loginDemanded()) {
        spec.commandLine().getErr().println("skein: without login; 'skein key create' ends that");
      }
      stopped.await();
      Files.deleteIfExists(address);
    }
  }

  private ServerOptions options(Skein skein, Settings settings) {
    String at = host == null ? settings.server().host() : host;
    ServerOptions options =
        ServerOptions.of(settings, at, port == null ? settings.server().port() : port);
    boolean somebodyCanLogIn = options.hasLogin() || skein.access().keys().any();
    if (!ServerOptions.isLoopback(at) && !somebodyCanLogIn) {
      throw new Failures.Usage(
          "on %s others reach the server, who must show a key: make the first with 'skein key create --name NAME --role admin'"
              .formatted(at));
    }
    return options;
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

  /// The workflows that are deployed when a server begins; empty without that folder.
  static List<Path> workflows() throws IOException {
    if (!Files.isDirectory(WORKFLOWS)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(WORKFLOWS)) {
      return inside.filter(f -> f.toString().matches(".*\\.(yaml|yml|json)")).sorted().toList();
    }
  }

  private void deployAll(Skein skein) throws IOException {
    for (Path file : workflows()) {
      String text = Files.readString(file);
      var ref =
          new WrittenDown(skein)
              .doing("deploy", file.toString(), null, () -> skein.deployOrReplace(text, file));
      spec.commandLine().getErr().println("skein: deployed " + ref);
    }
  }
}
