package dev.skein.connectors.process;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command for `/bin/sh`.
///
/// @param arguments what the command knows as `$1`, `$2`…
/// @param environment beside `PATH`, `HOME` and `LANG`, which it may override
/// @param stdin nothing if null
public record Shell(
    String command,
    List<String> arguments,
    Map<String, String> environment,
    @Nullable String stdin) {
  public Shell {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /// Shows neither environment nor input, where secrets are.
  @Override
  public String toString() {
    return "Shell[" + command + "]";
  }
}
