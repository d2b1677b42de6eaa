package dev.skein.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `skein` command. Exit codes: 0 done, 1 the run or check failed, 2 wrong usage.
@Command(
    name = "skein",
    description = "Coordinates systems, processes and agents by durable workflows.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ValidateCommand.class,
      RunCommand.class,
      DemoCommand.class,
      PsCommand.class,
      ShowCommand.class,
      WhyCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler((thrown, command, _) -> {
          command.getErr().println("skein: " + Failures.sentence(thrown));
          return Failures.exitCode(thrown);
        })
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do, for example: skein run FILE");
  }
}
