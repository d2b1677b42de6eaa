package dev.skein.connectors.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs processes: blocking, interruptible, one at a time for each calling thread. Safe for all
/// threads.
///
/// A shell or a script sees of this machine's environment `PATH`, `HOME` and `LANG`, never what
/// else the coordinator was started with. It works in a fresh folder that is deleted afterwards.
/// What it leaves running in the background ends with it. An interrupt ends the whole tree, and
/// only then is thrown.
public final class Processes {
  private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG");
  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
  private static final String SH = "/bin/sh";

  /// Where processes run, and how much they may write.
  ///
  /// @param environment the coordinator's own
  /// @param temporary a folder to make working directories in
  /// @param maxOutputBytes of stdout and of stderr, each; more is an error
  public record Settings(Map<String, String> environment, Path temporary, int maxOutputBytes) {
    private static final int MAX_OUTPUT_BYTES = 1024 * 1024;

    public static Settings defaults() {
      return new Settings(
          System.getenv(), Path.of(System.getProperty("java.io.tmpdir")), MAX_OUTPUT_BYTES);
    }

    /// Shows no environment, where secrets are.
    @Override
    public String toString() {
      return "Settings[" + temporary + ", " + maxOutputBytes + "]";
    }
  }

  private final Settings settings;
  private final List<Path> path;
  private final Containers containers = new Containers(this);

  public Processes() {
    this(Settings.defaults());
  }

  public Processes(Settings settings) {
    this.settings = settings;
    String searched = settings.environment().getOrDefault("PATH", DEFAULT_PATH);
    this.path =
        Pattern.compile(":")
            .splitAsStream(searched)
            .filter(it -> !it.isEmpty())
            .map(Path::of)
            .toList();
  }

  /// Runs a command in `/bin/sh`.
  ///
  /// @throws ProcessException if it can't be started, or writes too much
  public ProcessResult run(Shell shell) throws ProcessException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(SH, "-c", shell.command(), "sh"));
    words.addAll(shell.arguments());
    try (Workplace workplace = Workplace.create(settings.temporary())) {
      return run(words, environment(INHERITED, shell.environment()), shell.stdin(), workplace);
    }
  }

  /// Runs a script by the interpreter of its language that `PATH` names first.
  ///
  /// @throws ProcessException if the language is unknown or not installed, or the script writes too
  ///   much
  public ProcessResult run(Script script) throws ProcessException, InterruptedException {
    Language language = Language.of(script.language());
    Path interpreter =
        program(
            language.programs(),
            "No interpreter for this script is installed: PATH has no "
                + String.join(" or ", language.programs()));
    try (Workplace workplace = Workplace.create(settings.temporary())) {
      List<String> words = new ArrayList<>();
      words.add(interpreter.toString());
      words.add(workplace.file(language.file(), script.code()).toString());
      words.addAll(script.arguments());
      return run(words, environment(INHERITED, script.environment()), script.stdin(), workplace);
    }
  }

  /// Runs a container by `docker` or `podman`, whichever `PATH` names first.
  ///
  /// @param key names this run, the same at each attempt: what an earlier attempt left is removed
  ///   first, so that it never runs twice
  /// @throws ProcessException if there is no container runtime, or it can't start the container
  /// @throws InterruptedException after the container is removed
  public ProcessResult run(Container container, String key)
      throws ProcessException, InterruptedException {
    return containers.run(container, key);
  }

  /// @param programs that run it, the best first
  private record Language(String file, List<String> programs) {
    static Language of(String name) throws ProcessException {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "js", "javascript" -> new Language("script.js", List.of("node"));
        case "python" -> new Language("script.py", List.of("python3", "python"));
        default ->
            throw ProcessException.configuration(
                "The script language '%s' is not supported; only js and python are".formatted(name),
                null);
      };
    }
  }

  /// The first of these programs that is on the path.
  Path program(List<String> names, String otherwise) throws ProcessException {
    for (String name : names) {
      Path found = onPath(name);
      if (found != null) {
        return found;
      }
    }
    throw ProcessException.configuration(otherwise, null);
  }

  private @Nullable Path onPath(String name) {
    return path.stream()
        .map(folder -> folder.resolve(name))
        .filter(it -> Files.isRegularFile(it) && Files.isExecutable(it))
        .findFirst()
        .map(Path::toAbsolutePath)
        .orElse(null);
  }

  /// @param inherited those of the coordinator's variables that come first
  Map<String, String> environment(List<String> inherited, Map<String, String> own) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String name : inherited) {
      String value = settings.environment().get(name);
      if (value != null) {
        all.put(name, value);
      }
    }
    all.putIfAbsent("PATH", DEFAULT_PATH);
    all.putAll(own);
    return all;
  }

  Workplace workplace() throws ProcessException {
    return Workplace.create(settings.temporary());
  }

  ProcessResult run(
      List<String> words,
      Map<String, String> environment,
      @Nullable String stdin,
      Workplace workplace)
      throws ProcessException, InterruptedException {
    Path input = workplace.file("stdin", stdin == null ? "" : stdin);
    return Execution.run(
        new Command(words, environment, input),
        workplace,
        onPath("setsid"),
        settings.maxOutputBytes());
  }
}
