package dev.skein.connectors.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One command, from its start to the end of its whole tree. Owned by the thread that waits for it.
///
/// # The lifeline
///
/// A coordinator that is killed can't stop its processes, and Linux does not do it either. So a
/// command's standard input is not the pipe from the coordinator but a file, and that pipe is read
/// by a watcher, a small shell in the background: nothing is ever written to it, so it ends when
/// the coordinator ends, in whatever way, or cuts it, which it does after the command's end. The
/// watcher then kills the process group, of which `setsid` has made the command the leader. As the
/// watcher is in that group itself, its number can't have passed to a stranger. The shell that
/// started the watcher becomes the command (`exec`), so exit code and signals are the command's
/// own.
///
/// Two limits: a process that makes a session of its own (a daemon) is out of reach when the
/// coordinator is killed, and where there is no `setsid` (it is on every usual Linux) there is no
/// lifeline.
final class Execution {
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final String SH = "/bin/sh";
  // stdin goes by descriptor 3, since a background process would get /dev/null for its stdin;
  // twice forked, so that the command has no child it does not know of
  private static final String LIFELINE =
      """
      exec 3<&0
      ( { read -r nothing; kill -s KILL -- -$$; } <&3 3<&- >/dev/null 2>&1 & )
      stdin=$1
      shift
      exec "$@" <"$stdin" 3<&-
      """;

  private final Process process;
  private final CompletableFuture<@Nullable Void> overflowed = new CompletableFuture<>();
  private final Capture stdout;
  private final Capture stderr;

  private Execution(Process process, int limitBytes) {
    this.process = process;
    this.stdout = capture(process.getInputStream(), limitBytes);
    this.stderr = capture(process.getErrorStream(), limitBytes);
  }

  private Capture capture(InputStream stream, int limitBytes) {
    return new Capture(stream, limitBytes, () -> overflowed.complete(null));
  }

  /// Runs a command to its end.
  ///
  /// @param setsid null if there is none
  /// @throws InterruptedException after the whole tree is gone
  static ProcessResult run(
      Command command, Workplace workplace, @Nullable Path setsid, int limitBytes)
      throws ProcessException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return new Execution(started(command, workplace, setsid), limitBytes)
        .result(command, limitBytes);
  }

  private static Process started(Command command, Workplace workplace, @Nullable Path setsid)
      throws ProcessException {
    List<String> words = new ArrayList<>();
    if (setsid != null) {
      words.addAll(List.of(setsid.toString(), SH, "-c", LIFELINE, "sh"));
      words.add(command.stdin().toString());
    }
    words.addAll(command.words());
    var builder = new ProcessBuilder(words).directory(workplace.directory().toFile());
    if (setsid == null) {
      builder.redirectInput(command.stdin().toFile());
    }
    try {
      builder.environment().clear();
      builder.environment().putAll(command.environment());
      return builder.start();
    } catch (IOException | IllegalArgumentException e) {
      throw ProcessException.configuration(
          "The process %s can't be started: %s".formatted(command, e.getMessage()), e);
    }
  }

  private ProcessResult result(Command command, int limitBytes)
      throws ProcessException, InterruptedException {
    try {
      CompletableFuture.anyOf(process.onExit(), overflowed).get();
      if (!overflowed.isDone()) {
        cutLifeline(); // or a background process would keep the streams open
        var result = new ProcessResult(process.exitValue(), stdout.text(GRACE), stderr.text(GRACE));
        if (!stdout.overflow() && !stderr.overflow()) {
          return result;
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("Waiting for a process can't fail", e);
    } finally {
      // on the way out by an interrupt too; after a usual end there is nothing left to do
      end();
    }
    throw ProcessException.runtime(
        "The process %s wrote more than %d bytes to %s, which is the most that is kept; let it write to a file"
            .formatted(command, limitBytes, stdout.overflow() ? "stdout" : "stderr"),
        null);
  }

  /// Asks the whole tree to end, and makes it after a while.
  private void end() {
    List<ProcessHandle> tree = new ArrayList<>();
    if (process.isAlive()) {
      process.descendants().forEach(tree::add);
      tree.add(process.toHandle());
      tree.forEach(ProcessHandle::destroy);
      await(process.onExit(), GRACE);
    }
    cutLifeline();
    tree.forEach(ProcessHandle::destroyForcibly);
    await(process.onExit(), GRACE);
  }

  /// The watcher kills what is left of the group.
  private void cutLifeline() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // closed by the JDK when the process ended
    }
  }

  /// An interrupt does not end the waiting: it would leave processes behind.
  private static void await(CompletableFuture<?> future, Duration patience) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + patience.toNanos();
    while (!future.isDone()) {
      try {
        future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (TimeoutException e) {
        break;
      } catch (ExecutionException e) {
        throw new IllegalStateException("Waiting for a process can't fail", e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
