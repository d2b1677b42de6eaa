package dev.skein.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skein.connectors.process.Container.Cleanup;
import dev.skein.connectors.process.Container.Options;
import dev.skein.connectors.process.Container.Pull;
import dev.skein.connectors.process.ProcessException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
  private static final String KEY = "run-1:/do/0/pack it#2";

  @TempDir Path temporary;
  @TempDir Path bin;

  /// A stand-in for docker: notes what it is asked, one line a word, and knows the containers whose
  /// names are files. It is told how `run` ends.
  private Processes fake(String run) throws Exception {
    Path docker = bin.resolve("docker");
    Files.writeString(
        docker,
        """
        #!/bin/sh
        printf '%%s\\n' "$@" . >> %1$s/asked
        case $1 in
          ps) cat %1$s/running 2>/dev/null; exit 0 ;;
          rm) rm -f %1$s/running; exit 0 ;;
          run) echo 0123abcd > %1$s/running
        %2$s
        esac
        """
            .formatted(bin, run));
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
    return new Processes(
        new Processes.Settings(
            Map.of("PATH", bin + ":" + System.getenv("PATH"), "DOCKER_HOST", "tcp://d:1"),
            temporary,
            1024));
  }

  private List<List<String>> asked() throws Exception {
    return List.of(Files.readString(bin.resolve("asked")).split("(?m)^\\.\\n")).stream()
        .map(it -> List.of(it.split("\n")))
        .toList();
  }

  private List<String> verbs() throws Exception {
    return asked().stream().map(List::getFirst).toList();
  }

  private static Container container(@Nullable String command, Cleanup cleanup) {
    return new Container(
        "alpine:3",
        new Container.Workload(command, List.of("Foo", "B a r"), Map.of(), null),
        Map.of(),
        Map.of(),
        new Options(null, Pull.IF_NOT_PRESENT, cleanup));
  }

  @Test
  void theRuntimeIsAskedForAllThatIsGiven() throws Exception {
    Processes processes =
        fake(
            "cat; echo \"$DOCKER_HOST $SECRET\"; for i; do case $i in */environment) cat $i;; esac; done; exit 7");
    var container =
        new Container(
            "alpine:3",
            new Container.Workload(
                "echo $1", List.of("Foo"), Map.of("A", "s3cret", "B", "two lines\nhere"), "in\n"),
            Map.of("8080", "80"),
            Map.of("/data", "/var/data"),
            new Options("box", Pull.ALWAYS, new Cleanup.Never()));
    ProcessResult result = processes.run(container, KEY);
    assertThat(result).isEqualTo(new ProcessResult(7, "in\ntcp://d:1 \nA=s3cret\n", ""));
    assertThat(verbs()).containsExactly("ps", "run");
    String words = String.join(" ", asked().getLast());
    assertThat(words)
        .matches(
            "run --label dev.skein.run=[0-9a-f]{64} --name box --pull always --interactive"
                + " --publish 8080:80 --volume /data:/var/data --env B=two lines here"
                + " --env-file \\S+/environment --entrypoint sh alpine:3 -c echo \\$1 sh Foo");
    assertThat(words).doesNotContain("s3cret");
  }

  @Test
  void withoutACommandTheArgumentsAreTheImagesOwn() throws Exception {
    fake("exit 0").run(container(null, new Cleanup.Never()), KEY);
    assertThat(String.join(" ", asked().getLast()))
        .matches(
            "run --label dev.skein.run=[0-9a-f]{64} --name skein-run-1-do-0-pack-it-2-[0-9a-f]{12}"
                + " --pull missing alpine:3 Foo B a r");
  }

  @Test
  void aSecondAttemptRemovesWhatTheFirstLeft() throws Exception {
    Processes processes = fake("exit 0");
    Container container = container("true", new Cleanup.Never());
    processes.run(container, KEY);
    processes.run(container, KEY);
    assertThat(verbs()).containsExactly("ps", "run", "ps", "rm", "run");
    assertThat(asked().get(0)).isEqualTo(asked().get(2)).last().asString().startsWith("label=");
    assertThat(asked().get(3)).containsExactly("rm", "--force", "--volumes", "0123abcd");
    assertThat(asked().get(1)).isEqualTo(asked().get(4));
  }

  @Test
  void cleanupRemovesTheContainer() throws Exception {
    fake("exit 0").run(container("true", new Cleanup.Always()), KEY);
    assertThat(verbs()).containsExactly("ps", "run", "ps", "rm");
    assertThat(bin.resolve("running")).doesNotExist();
  }

  @Test
  void eventualCleanupRemovesTheContainerLater() throws Exception {
    Path removed = bin.resolve("removed");
    new ProcessBuilder("mkfifo", removed.toString()).start().waitFor();
    Processes processes = fake("exit 0");
    Path docker = bin.resolve("docker");
    Files.writeString(
        docker,
        Files.readString(docker)
            .replace("rm -f " + bin + "/running;", "echo $4 > " + removed + ";"));
    processes.run(container("true", new Cleanup.Eventually(Duration.ofMillis(50))), KEY);
    assertThat(Files.readString(removed).strip()).isEqualTo("0123abcd");
  }

  @Test
  void anInterruptRemovesTheContainer() throws Exception {
    Path started = bin.resolve("started");
    new ProcessBuilder("mkfifo", started.toString()).start().waitFor();
    Processes processes = fake("echo > " + started + "; sleep 1000");
    var task = new FutureTask<>(() -> processes.run(container("true", new Cleanup.Never()), KEY));
    Thread caller = Thread.ofVirtual().start(task);
    Files.readString(started);
    caller.interrupt();
    assertThatThrownBy(() -> task.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(verbs()).containsExactly("ps", "run", "ps", "rm");
  }

  @Test
  void aRuntimeThatFailsSaysWhy() throws Exception {
    Processes processes = fake("echo 'docker: no such image' >&2; exit 125");
    ProcessException e =
        catchThrowableOfType(
            ProcessException.class,
            () -> processes.run(container("true", new Cleanup.Never()), KEY));
    assertThat(e.kind()).isEqualTo(Kind.RUNTIME);
    assertThat(e).hasMessage("docker could not run the image alpine:3: docker: no such image");
  }

  @Test
  void withoutARuntimeItIsAConfigurationError() {
    var nowhere =
        new Processes(new Processes.Settings(Map.of("PATH", bin.toString()), temporary, 1024));
    ProcessException e =
        catchThrowableOfType(
            ProcessException.class, () -> nowhere.run(container("true", new Cleanup.Never()), KEY));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e).hasMessageContaining("no docker or podman");
  }

  @Test
  void aRealContainerRuns() throws Exception {
    assumeTrue(answers("docker") || answers("podman"), "no container daemon answers here");
    var processes = new Processes();
    var container =
        new Container(
            "alpine",
            new Container.Workload(
                "input=$(cat); echo \"$input $1 $2 $NAME\"; exit 5",
                List.of("Foo", "Bar"),
                Map.of("NAME", "x"),
                "in"),
            Map.of(),
            Map.of(),
            new Options(null, Pull.IF_NOT_PRESENT, new Cleanup.Always()));
    assertThat(processes.run(container, KEY)).isEqualTo(new ProcessResult(5, "in Foo Bar x\n", ""));
  }

  private static boolean answers(String runtime) throws Exception {
    try {
      Process process =
          new ProcessBuilder(runtime, "info")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
