package dev.skein.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skein.connectors.process.ProcessException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessesTest {
  private static final int LIMIT = 1024 * 1024;
  private static final long SECONDS = 20;

  @TempDir Path temporary;
  @TempDir Path other;

  private Processes processes(Map<String, String> environment) {
    return new Processes(new Processes.Settings(environment, temporary, LIMIT));
  }

  private Processes processes() {
    return processes(System.getenv());
  }

  private ProcessResult shell(String command, String... arguments) throws Exception {
    return processes().run(new Shell(command, List.of(arguments), Map.of(), null));
  }

  /// Nothing a process had may be left behind.
  @AfterEach
  void workingDirectoriesAreGone() throws IOException {
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aShellKnowsItsArgumentsInputAndEnvironment() throws Exception {
    var shell =
        new Shell(
            "input=$(cat); echo \"$input: $1 $2, $GREETING\"; echo oops >&2; exit 3",
            List.of("Foo", "B a r; exit"),
            Map.of("GREETING", "grüß \"dich\""),
            "Hello Wörld\n");
    assertThat(processes().run(shell))
        .isEqualTo(new ProcessResult(3, "Hello Wörld: Foo B a r; exit, grüß \"dich\"\n", "oops\n"));
  }

  @Test
  void withoutInputThereIsNothingToRead() throws Exception {
    assertThat(shell("cat; echo $?")).isEqualTo(new ProcessResult(0, "0\n", ""));
  }

  @Test
  void aSignalIsAnExitCode() throws Exception {
    assertThat(shell("kill -s KILL $$").code()).isEqualTo(137);
  }

  @Test
  void theCoordinatorsOwnVariablesAreNotSeen() throws Exception {
    var environment =
        Map.of(
            "PATH",
            System.getenv("PATH"),
            "HOME",
            "/home/x",
            "LANG",
            "C.UTF-8",
            "SECRET",
            "s3cret");
    String seen =
        processes(environment).run(new Shell("env", List.of(), Map.of("MINE", "1"), null)).stdout();
    assertThat(seen.lines())
        .filteredOn(it -> !it.matches("(PWD|OLDPWD|SHLVL|_)=.*"))
        .containsExactlyInAnyOrder(
            "PATH=" + System.getenv("PATH"), "HOME=/home/x", "LANG=C.UTF-8", "MINE=1");
  }

  @Test
  void worksInAnEmptyFolderOfItsOwn() throws Exception {
    String[] seen =
        shell("pwd; ls -A; mkdir -p a/b; echo x > a/b/c; chmod 500 a/b").stdout().split("\n");
    assertThat(seen).hasSize(1);
    assertThat(Path.of(seen[0])).startsWithRaw(temporary.toRealPath()).doesNotExist();
  }

  @Test
  void whatRunsInTheBackgroundEndsWithTheCommand() throws Exception {
    assumeInstalled("setsid");
    ProcessResult result = shell("sleep 1000 & echo $!");
    assertGone(Long.parseLong(result.stdout().strip()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " >&2"})
  void tooMuchOutputIsAnError(String redirection) throws Exception {
    String exactly = "head -c " + LIMIT + " /dev/zero" + redirection;
    assertThat(shell(exactly).code()).isZero();
    ProcessException e =
        catchThrowableOfType(
            ProcessException.class, () -> shell("echo $$ > " + other + "/pid; yes" + redirection));
    assertThat(e.kind()).isEqualTo(Kind.RUNTIME);
    assertThat(e)
        .hasMessageContaining("more than 1048576 bytes")
        .hasMessageContaining(redirection.isEmpty() ? "stdout" : "stderr");
    assertGone(Long.parseLong(Files.readString(other.resolve("pid")).strip()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "trap '' TERM"})
  void anInterruptEndsTheWholeTree(String preparation) throws Exception {
    assumeInstalled("setsid");
    Path fifo = fifo();
    String command =
        preparation
            + "; sleep 1000 & inner=$!; (sleep 1000 & echo $! > "
            + fifo
            + ".orphan); echo $$ $inner $(cat "
            + fifo
            + ".orphan) > "
            + fifo
            + "; wait; sleep 1000";
    var task = new FutureTask<>(() -> shell(command));
    Thread caller = Thread.ofVirtual().start(task);
    String[] pids = Files.readString(fifo).strip().split(" ");
    assertThat(pids).hasSize(3);
    caller.interrupt();
    assertThatThrownBy(() -> task.get(SECONDS, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    for (String pid : pids) {
      assertGone(Long.parseLong(pid));
    }
  }

  @Test
  void aCallerInterruptedBeforeStartsNothing() throws Exception {
    var task =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          return shell("touch " + other + "/started");
        });
    Thread.ofVirtual().start(task);
    assertThatThrownBy(task::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(other.resolve("started")).doesNotExist();
  }

  @Test
  void aKilledCoordinatorLeavesNoProcessBehind() throws Exception {
    assumeInstalled("setsid");
    Path fifo = fifo();
    Process coordinator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Coordinator.class.getName(),
                Files.createDirectory(other.resolve("temporary")).toString(),
                "trap '' HUP TERM; sleep 1000 & echo $$ $! > " + fifo + "; wait")
            .inheritIO()
            .start();
    String[] pids = Files.readString(fifo).strip().split(" ");
    assertThat(ProcessHandle.of(Long.parseLong(pids[1]))).isPresent();
    coordinator.destroyForcibly(); // kill -9
    for (String pid : pids) {
      assertGone(Long.parseLong(pid));
    }
  }

  /// Runs a shell command, in a virtual machine of its own.
  static final class Coordinator {
    public static void main(String[] arguments) throws Exception {
      var settings = new Processes.Settings(System.getenv(), Path.of(arguments[0]), LIMIT);
      new Processes(settings).run(new Shell(arguments[1], List.of(), Map.of(), null));
    }
  }

  @Test
  void aProcessThatCanNotStartIsAConfigurationError() {
    var shell = new Shell("true", List.of(), Map.of("A=B", "C"), null);
    ProcessException e = catchThrowableOfType(ProcessException.class, () -> processes().run(shell));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e).hasMessageContaining("can't be started");
  }

  @ParameterizedTest
  @ValueSource(strings = {"js", "javascript"})
  void aScriptInJavaScriptHasItsArgumentsAfterItsName(String language) throws Exception {
    assumeInstalled("node");
    var script =
        new Script(
            language,
            """
            const [_, __, arg0, arg1] = process.argv;
            const input = require('fs').readFileSync(0, 'utf8');
            console.log(arg0, arg1, input, process.env.NAME);
            process.exitCode = 4;
            """,
            List.of("hello", "wörld"),
            Map.of("NAME", "x"),
            "in");
    assertThat(processes().run(script)).isEqualTo(new ProcessResult(4, "hello wörld in x\n", ""));
  }

  @Test
  void aScriptInPythonHasItsArgumentsAfterItsName() throws Exception {
    assumeInstalled("python3");
    var script =
        new Script(
            "python",
            """
            import os, sys
            print(sys.argv[1:], sys.stdin.read(), os.environ["NAME"], os.listdir("."))
            sys.exit("bye")
            """,
            List.of("hello", "world"),
            Map.of("NAME", "x", "PYTHONIOENCODING", "utf-8"),
            "ïn");
    assertThat(processes().run(script))
        .isEqualTo(new ProcessResult(1, "['hello', 'world'] ïn x []\n", "bye\n"));
  }

  @Test
  void aScriptWithoutItsInterpreterIsAConfigurationError() {
    var nowhere = processes(Map.of("PATH", other.toString()));
    for (String language : List.of("js", "python", "cobol")) {
      var script = new Script(language, "", List.of(), Map.of(), null);
      ProcessException e = catchThrowableOfType(ProcessException.class, () -> nowhere.run(script));
      assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(e.getMessage()).containsAnyOf("no node", "no python3 or python", "'cobol'");
    }
  }

  private void assumeInstalled(String program) {
    boolean installed =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(it -> Files.isExecutable(Path.of(it, program)));
    assumeTrue(installed, program + " is not installed here");
  }

  private Path fifo() throws Exception {
    Path fifo = other.resolve("fifo");
    new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
    return fifo;
  }

  private static void assertGone(long pid) throws Exception {
    var handle = ProcessHandle.of(pid);
    if (handle.isPresent() && !isZombie(pid)) {
      handle.get().onExit().get(SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Dead, but not yet collected by whoever inherited it.
  private static boolean isZombie(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).matches("(?s).*\\) [ZX] .*");
    } catch (IOException e) {
      return false;
    }
  }
}
