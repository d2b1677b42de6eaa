package dev.skein.runtime;

import dev.skein.connectors.process.Container;
import dev.skein.connectors.process.ProcessException;
import dev.skein.connectors.process.ProcessResult;
import dev.skein.connectors.process.Processes;
import dev.skein.connectors.process.Script;
import dev.skein.connectors.process.Shell;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.interpreter.ProcessPort;
import dev.skein.kernel.Fault;
import dev.skein.model.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The interpreter's processes run by the connector. What nobody waits for runs as long as this
/// does. Thread-safe.
final class ProcessCalls implements ProcessPort, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessCalls.class);

  private final Processes processes = new Processes();
  private final Set<Thread> background = ConcurrentHashMap.newKeySet();

  @Override
  public JsonNode run(Command command, String key) throws InterruptedException {
    try {
      ProcessResult result = result(command, key);
      String stdout = withoutLastBreak(result.stdout());
      String stderr = withoutLastBreak(result.stderr());
      return Json.NODES
          .objectNode()
          .put("code", result.code())
          .put("stdout", stdout)
          .put("stderr", stderr);
    } catch (InterruptedException e) {
      // the kernel tells a run that leaves memory from a process that failed by this flag
      Thread.currentThread().interrupt();
      throw e;
    } catch (ProcessException e) {
      throw fault(e);
    }
  }

  /// As a shell's `$(…)` reads it.
  private static String withoutLastBreak(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }

  private ProcessResult result(Command command, String key)
      throws ProcessException, InterruptedException {
    Surroundings with = command.surroundings();
    return switch (command) {
      case ProcessPort.ShellCommand shell ->
          processes.run(
              new Shell(shell.command(), with.arguments(), with.environment(), with.stdin()));
      case ProcessPort.ScriptCommand script ->
          processes.run(
              new Script(
                  script.language(),
                  script.code(),
                  with.arguments(),
                  with.environment(),
                  with.stdin()));
      case ProcessPort.ContainerCommand container -> processes.run(container(container), key);
    };
  }

  private static Container container(ProcessPort.ContainerCommand container) {
    Surroundings with = container.surroundings();
    var inside =
        new Container.Workload(
            container.command(), with.arguments(), with.environment(), with.stdin());
    var pull =
        switch (container.pullPolicy()) {
          case "always" -> Container.Pull.ALWAYS;
          case "never" -> Container.Pull.NEVER;
          default -> Container.Pull.IF_NOT_PRESENT;
        };
    var cleanup =
        switch (container.cleanup()) {
          case "always" -> new Container.Cleanup.Always();
          case "never" -> new Container.Cleanup.Never();
          case String after -> new Container.Cleanup.Eventually(Duration.parse(after));
        };
    return new Container(
        container.image(),
        inside,
        container.ports(),
        container.volumes(),
        new Container.Options(container.name(), pull, cleanup));
  }

  private static Fault fault(ProcessException e) {
    Problem.Kind kind =
        switch (e.kind()) {
          case CONFIGURATION -> Problem.Kind.CONFIGURATION;
          case RUNTIME -> Problem.Kind.RUNTIME;
        };
    return Problems.fault(kind.problem(String.valueOf(e.getMessage())), false, e);
  }

  @Override
  public void start(Command command, String key) {
    Thread.ofVirtual()
        .name("skein-process")
        .start(() -> {
          background.add(Thread.currentThread());
          try {
            var _ = result(command, key);
          } catch (ProcessException e) {
            LOG.warn("a process that nobody waits for failed", e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            background.remove(Thread.currentThread());
          }
        });
  }

  /// Ends what is still running.
  @Override
  public void close() {
    background.forEach(Thread::interrupt);
  }
}
