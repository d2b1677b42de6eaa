package dev.skein.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `skein completion bash|zsh|fish`
@Command(
    name = "completion",
    description = {
      "Prints what makes a shell complete the words of skein. For bash and zsh:",
      "  source <(skein completion bash)",
      "for fish:",
      "  skein completion fish | source"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Runnable {
  /// A shell, by its name.
  enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "one of ${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.BASH;

  @Override
  public void run() {
    CommandLine skein = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    switch (shell) {
      case BASH, ZSH -> out.print(AutoComplete.bash("skein", skein)); // it asks which of them it is
      case FISH -> fish(skein, "", out);
    }
  }

  /// @param inside the verbs before, which must have been written
  private static void fish(CommandLine command, String inside, PrintWriter out) {
    String when =
        inside.isEmpty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + inside;
    for (Map.Entry<String, CommandLine> verb : command.getSubcommands().entrySet()) {
      out.printf(
          "complete -c skein -f -n '%s' -a %s -d '%s'%n",
          when,
          verb.getKey(),
          quoted(verb.getValue().getCommandSpec().usageMessage().description()));
      fish(verb.getValue(), verb.getKey(), out);
    }
    if (!inside.isEmpty()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        out.printf(
            "complete -c skein -n '%s' -l %s -d '%s'%n",
            when, option.longestName().replaceFirst("^-+", ""), quoted(option.description()));
      }
    }
  }

  private static String quoted(String... description) {
    return description.length == 0 ? "" : description[0].replace("\\", "\\\\").replace("'", "\\'");
  }
}
