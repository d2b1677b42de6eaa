package dev.skein.cli;

import dev.skein.runtime.Location;
import dev.skein.runtime.Looking;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--data DIR`, `--store URL` and `--config FILE`, as every command that has to do with runs takes
/// them.
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the data directory (default: ${DEFAULT-VALUE})",
      defaultValue = ".skein")
  private Path directory = Path.of(".skein");

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = {
        "a store on PostgreSQL, jdbc:postgresql://… (default: the environment's SKEIN_STORE,",
        "else in the data directory)"
      })
  private @Nullable String store = System.getenv("SKEIN_STORE");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the settings of the project (default: skein.yaml, if it is there)")
  private @Nullable Path config;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "a server to ask (default: the one that holds the data, if there is one)")
  private @Nullable String url;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = {
        "what is shown to the server (default: the environment's SKEIN_KEY, else what the server",
        "has left in the data directory)"
      })
  private @Nullable String key = System.getenv("SKEIN_KEY");

  Path directory() {
    return directory;
  }

  Location location() {
    return new Location(directory, store == null || store.isEmpty() ? null : store);
  }

  /// The file that settings are read from; it may not be there if nobody asked for it.
  Path config() {
    return config == null ? Path.of(Settings.FILE) : config;
  }

  Settings settings() {
    try {
      return config == null && !Files.exists(config()) ? Settings.NONE : Settings.load(config());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Opens the data for this command, only to look.
  Looking look() {
    return Looking.at(location());
  }

  /// Who acts on the data: the server at `--url`, the one that holds the data, or this process.
  Coordinator act() {
    Coordinator server = server();
    return server == null ? Coordinator.of(visit()) : server;
  }

  /// The server at `--url`; null if none was given.
  @Nullable Coordinator named() {
    return url == null ? null : Coordinator.at(url, key);
  }

  /// The server that is asked; null if the data are to be opened.
  @Nullable Coordinator server() {
    if (url != null) {
      return Coordinator.at(url, key);
    }
    Path address = directory.resolve(ServeCommand.ADDRESS);
    if (Files.exists(address)) {
      var server = Coordinator.at(dev.skein.cli.Files.text(address).strip(), localKey());
      if (server.answers()) {
        return server;
      }
      server.close(); // it has ended without taking its address away
    }
    return null;
  }

  private @Nullable String localKey() {
    Path left = directory.resolve(LocalKey.FILE);
    return key == null && Files.isReadable(left) ? dev.skein.cli.Files.text(left).strip() : key;
  }

  /// Opens the data for this command.
  Skein visit() {
    return Skein.visit(location(), settings());
  }
}
