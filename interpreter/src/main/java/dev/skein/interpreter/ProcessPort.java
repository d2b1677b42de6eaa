package dev.skein.interpreter;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the interpreter runs processes.
public interface ProcessPort {
  /// Runs it to its end.
  ///
  /// @param key the same for every attempt
  /// @return `{code, stdout, stderr}`
  /// @throws dev.skein.kernel.Fault carrying problem details
  JsonNode run(Command command, String key) throws InterruptedException;

  /// Starts it and lets it run.
  ///
  /// @throws dev.skein.kernel.Fault carrying problem details
  void start(Command command, String key);

  /// A process with all its expressions evaluated.
  sealed interface Command {
    Surroundings surroundings();
  }

  /// A command for the shell.
  record ShellCommand(String command, Surroundings surroundings) implements Command {}

  /// Code for an interpreter of the host.
  record ScriptCommand(String language, String code, Surroundings surroundings)
      implements Command {}

  /// A container.
  ///
  /// @param ports of this machine to those of the container
  /// @param volumes of this machine to folders of the container
  /// @param pullPolicy `ifNotPresent`, `always` or `never`
  /// @param cleanup `always`, `never`, or the ISO 8601 duration after which it is removed
  record ContainerCommand(
      String image,
      @Nullable String name,
      @Nullable String command,
      Map<String, String> ports,
      Map<String, String> volumes,
      String pullPolicy,
      String cleanup,
      Surroundings surroundings)
      implements Command {}

  /// What a process finds. `toString` shows no secret.
  record Surroundings(
      List<String> arguments, Map<String, String> environment, @Nullable String stdin) {
    @Override
    public String toString() {
      return "Surroundings[…]";
    }
  }
}
