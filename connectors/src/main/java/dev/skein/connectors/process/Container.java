package dev.skein.connectors.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image to run in a container.
///
/// @param workload what runs in it
/// @param ports of this machine → of the container
/// @param volumes folder or volume of this machine → folder of the container
public record Container(
    String image,
    Workload workload,
    Map<String, String> ports,
    Map<String, String> volumes,
    Options options) {

  /// @param command for `sh` in the container, in place of what the image would run; null for that
  /// @param arguments of the command as `$1`, `$2`…, or of what the image would run
  /// @param stdin nothing if null
  public record Workload(
      @Nullable String command,
      List<String> arguments,
      Map<String, String> environment,
      @Nullable String stdin) {
    public Workload {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }

    /// Shows neither environment nor input, where secrets are.
    @Override
    public String toString() {
      return "Workload[" + command + "]";
    }
  }

  /// @param name null to name it after the key of its run
  public record Options(@Nullable String name, Pull pull, Cleanup cleanup) {
    public static final Options DEFAULT =
        new Options(null, Pull.IF_NOT_PRESENT, new Cleanup.Never());
  }

  /// When the image is fetched.
  public enum Pull {
    IF_NOT_PRESENT("missing"),
    ALWAYS("always"),
    NEVER("never");

    private final String option;

    Pull(String option) {
      this.option = option;
    }

    String option() {
      return option;
    }
  }

  /// What becomes of the container after its process has ended.
  public sealed interface Cleanup {
    /// It is removed at once.
    record Always() implements Cleanup {}

    /// It stays.
    record Never() implements Cleanup {}

    /// It is removed after a while, if this coordinator still runs then.
    record Eventually(Duration after) implements Cleanup {}
  }

  public Container {
    ports = Map.copyOf(ports);
    volumes = Map.copyOf(volumes);
  }
}
