package dev.skein.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ServiceConfigurationError;
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
      ServeCommand.class,
      DemoCommand.class,
      TestCommand.class,
      LoadCommand.class,
      PolicyCommand.class,
      ApiCommand.class,
      SecretCommand.class,
      KeyCommand.class,
      AuditCommand.class,
      PsCommand.class,
      SchedulesCommand.class,
      ShowCommand.class,
      WhyCommand.class,
      LogsCommand.class,
      GraphCommand.class,
      DeployCommand.class,
      StartCommand.class,
      SignalCommand.class,
      CancelCommand.class,
      SuspendCommand.class,
      ResumeCommand.class,
      RetryCommand.class,
      ForkCommand.class,
      RerunCommand.class,
      MigrateCommand.class,
      BulkCommand.class,
      IncidentsCommand.class,
      AlertsCommand.class,
      TopCommand.class,
      DoctorCommand.class,
      CompletionCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(runSafely(out, err, arguments));
  }

  /// Not even an error of the Java machine ends in a stack trace.
  private static int runSafely(PrintWriter out, PrintWriter err, String... arguments) {
    try {
      return run(out, err, arguments);
    } catch (LinkageError | StackOverflowError | OutOfMemoryError | ServiceConfigurationError e) {
      err.println("skein: " + Failures.sentence(e));
      return Failures.exitCode(e);
    }
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
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
