package dev.skein.connectors.process;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A script in a language of its own.
///
/// @param language `js` (or `javascript`) or `python`
/// @param arguments as the language knows those of a command line: `process.argv.slice(2)`,
///   `sys.argv[1:]`
/// @param environment beside `PATH`, `HOME` and `LANG`, which it may override
/// @param stdin nothing if null
public record Script(
    String language,
    String code,
    List<String> arguments,
    Map<String, String> environment,
    @Nullable String stdin) {
  public Script {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /// Shows neither environment nor input, where secrets are.
  @Override
  public String toString() {
    return "Script[" + language + "]";
  }
}
