package dev.skein.connectors.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs containers by the command line of docker or podman.
///
/// A container carries the hash of its run's key as a label. What an earlier attempt left, running
/// or not, is found by it and removed, whatever the container's name; one of the same name that is
/// not ours is left alone, and the runtime refuses the second.
final class Containers {
  // the command line is the coordinator's own tool: it needs to know where its daemon is
  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "HOME",
          "LANG",
          "DOCKER_HOST",
          "DOCKER_CONTEXT",
          "DOCKER_CONFIG",
          "DOCKER_TLS_VERIFY",
          "DOCKER_CERT_PATH",
          "CONTAINER_HOST",
          "XDG_RUNTIME_DIR");
  private static final String LABEL = "dev.skein.run=";
  private static final int NAME_CHARS = 80;
  private static final int HASH_CHARS = 12;
  // the runtime's own failure, as against that of what runs in the container
  private static final int RUNTIME_FAILED = 125;
  private static final Duration REMOVAL_PATIENCE = Duration.ofSeconds(20);
  private static final Executor VIRTUAL =
      task -> Thread.ofVirtual().name("skein-container").start(task);

  private final Processes processes;

  Containers(Processes processes) {
    this.processes = processes;
  }

  ProcessResult run(Container container, String key) throws ProcessException, InterruptedException {
    Path runtime =
        processes.program(
            List.of("docker", "podman"),
            "No container runtime is installed: PATH has no docker or podman");
    String label = LABEL + hash(key);
    remove(runtime, ids(runtime, label));
    ProcessResult result;
    try (Workplace workplace = processes.workplace()) {
      result =
          processes.run(
              words(runtime, container, key, workplace),
              environment(),
              container.workload().stdin(),
              workplace);
    } catch (InterruptedException e) {
      // the command line is gone, but the container is the daemon's child
      inAnyCase(() -> remove(runtime, ids(runtime, label)));
      throw e;
    } catch (ProcessException e) {
      inAnyCase(() -> remove(runtime, ids(runtime, label)));
      throw e;
    }
    if (result.code() == RUNTIME_FAILED) {
      throw ProcessException.runtime(
          "%s could not run the image %s: %s"
              .formatted(runtime.getFileName(), container.image(), result.stderr().strip()),
          null);
    }
    switch (container.options().cleanup()) {
      case Container.Cleanup.Always() -> inAnyCase(() -> remove(runtime, ids(runtime, label)));
      case Container.Cleanup.Never() -> {}
      case Container.Cleanup.Eventually(Duration after) -> {
        // this one by its own name: by then a later attempt may run under the same label
        List<String> ids = ids(runtime, label);
        CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS, VIRTUAL)
            .execute(() -> inAnyCase(() -> remove(runtime, ids)));
      }
    }
    return result;
  }

  private static List<String> words(
      Path runtime, Container container, String key, Workplace workplace) throws ProcessException {
    Container.Workload workload = container.workload();
    Container.Options options = container.options();
    List<String> words = new ArrayList<>();
    words.addAll(List.of(runtime.toString(), "run", "--label", LABEL + hash(key)));
    words.addAll(List.of("--name", options.name() == null ? name(key) : options.name()));
    words.addAll(List.of("--pull", options.pull().option()));
    if (workload.stdin() != null) {
      words.add("--interactive");
    }
    container
        .ports()
        .forEach((here, there) -> words.addAll(List.of("--publish", here + ":" + there)));
    container
        .volumes()
        .forEach((here, there) -> words.addAll(List.of("--volume", here + ":" + there)));
    words.addAll(environmentOptions(workload.environment(), workplace));
    if (workload.command() != null) {
      words.addAll(List.of("--entrypoint", "sh"));
    }
    if (container.image().startsWith("-")) {
      throw ProcessException.configuration(
          "'%s' is not the name of an image".formatted(container.image()), null);
    }
    words.add(container.image());
    if (workload.command() != null) {
      words.addAll(List.of("-c", workload.command(), "sh"));
    }
    words.addAll(workload.arguments());
    return words;
  }

  /// By a file, since everybody on this machine can read arguments. Only what such a file can't
  /// hold, a value of several lines, goes as an argument all the same.
  private static List<String> environmentOptions(
      Map<String, String> environment, Workplace workplace) throws ProcessException {
    List<String> words = new ArrayList<>();
    var lines = new StringBuilder();
    environment.forEach((name, value) -> {
      if (value.contains("\n")) {
        words.addAll(List.of("--env", name + "=" + value));
      } else {
        lines.append(name).append('=').append(value).append('\n');
      }
    });
    if (!lines.isEmpty()) {
      words.addAll(
          List.of("--env-file", workplace.file("environment", lines.toString()).toString()));
    }
    return words;
  }

  /// Like the key as far as a container's name may be, and different for different keys.
  private static String name(String key) {
    String plain = key.replaceAll("[^A-Za-z0-9_.-]+", "-");
    String start = plain.length() > NAME_CHARS ? plain.substring(0, NAME_CHARS) : plain;
    return "skein-" + start + "-" + hash(key).substring(0, HASH_CHARS);
  }

  private static String hash(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA-256; mend its settings", e);
    }
  }

  private Map<String, String> environment() {
    return processes.environment(INHERITED, Map.of());
  }

  private List<String> ids(Path runtime, String label)
      throws ProcessException, InterruptedException {
    String found =
        told(runtime, "ps", "--all", "--quiet", "--no-trunc", "--filter", "label=" + label);
    return found.lines().map(String::strip).filter(it -> !it.isEmpty()).toList();
  }

  private void remove(Path runtime, List<String> ids)
      throws ProcessException, InterruptedException {
    for (String id : ids) {
      told(runtime, "rm", "--force", "--volumes", id);
    }
  }

  private String told(Path runtime, String... arguments)
      throws ProcessException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(runtime.toString()));
    words.addAll(List.of(arguments));
    try (Workplace workplace = processes.workplace()) {
      ProcessResult result = processes.run(words, environment(), null, workplace);
      if (result.code() != 0) {
        throw ProcessException.runtime(
            "'%s %s' failed: %s"
                .formatted(runtime.getFileName(), arguments[0], result.stderr().strip()),
            null);
      }
      return result.stdout();
    }
  }

  private interface Removal {
    void run() throws ProcessException, InterruptedException;
  }

  /// Whatever happens to the thread that wants it. A container that can't be removed now is removed
  /// by the next attempt of its run.
  private static void inAnyCase(Removal removal) {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          removal.run();
          return true;
        });
    Thread.ofVirtual().name("skein-container").start(task);
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + REMOVAL_PATIENCE.toNanos();
    while (!task.isDone()) {
      try {
        task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (TimeoutException e) {
        task.cancel(true);
      } catch (ExecutionException e) {
        // the run's own outcome is what counts
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
