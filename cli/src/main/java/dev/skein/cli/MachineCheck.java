package dev.skein.cli;

import static dev.skein.cli.Finding.ok;
import static dev.skein.cli.Finding.problem;
import static dev.skein.cli.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks at what Skein runs on: Java, the data directory, its disk, and who holds it.
final class MachineCheck {
  private static final int OLDEST_JAVA = 25;
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long LEAST_FREE = 100 * MEBIBYTE;
  private static final long LITTLE_FREE = 1024 * MEBIBYTE;
  private static final String LOCK = "skein.lock";

  private final DataOption data;
  private final Path directory;

  MachineCheck(DataOption data) {
    this.data = data;
    this.directory = data.directory();
  }

  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    findings.add(java(Runtime.version().feature()));
    findings.add(directory());
    findings.add(disk());
    findings.add(server());
    return findings;
  }

  static Finding java(int feature) {
    return feature >= OLDEST_JAVA
        ? ok("java", "Java " + feature + " runs Skein")
        : problem(
            "java",
            "Java " + feature + " is too old",
            "install a JDK " + OLDEST_JAVA + " or newer, and point JAVA_HOME to it");
  }

  private Finding directory() {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      return problem(
          "data",
          directory + " is no directory",
          "remove that file, or choose a data directory with --data");
    }
    Path there = nearest();
    if (!Files.isWritable(there) || !Files.isExecutable(there)) {
      return problem(
          "data",
          there + " may not be written by " + System.getProperty("user.name"),
          "let that user own the data directory, or choose another with --data");
    }
    return Files.exists(directory)
        ? ok("data", "the data directory " + directory + " is there and writable")
        : warning(
            "data",
            "there is no data directory " + directory + " yet",
            "the first 'skein run' or 'skein serve' makes it; if there should be one, say --data");
  }

  /// The data directory, or the folder it would be made in.
  private Path nearest() {
    Path there = directory.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  private Finding disk() {
    try {
      long free = Files.getFileStore(nearest()).getUsableSpace();
      return disk(nearest(), free);
    } catch (IOException e) {
      return warning(
          "disk",
          "how much space is free cannot be found out: " + e.getMessage(),
          "look at it with df");
    }
  }

  static Finding disk(Path folder, long freeBytes) {
    String message = "%,d MiB are free where %s is".formatted(freeBytes / MEBIBYTE, folder);
    String advice = "free some space: with a full disk nothing becomes durable";
    return freeBytes < LEAST_FREE
        ? problem("disk", message, advice)
        : freeBytes < LITTLE_FREE ? warning("disk", message, advice) : ok("disk", message);
  }

  private Finding server() {
    try (Coordinator named = data.named()) {
      if (named != null) {
        return asked(named, "check the address, and whether that server runs");
      }
    }
    Path address = directory.resolve(ServeCommand.ADDRESS);
    if (Files.isReadable(address)) {
      try (Coordinator local = Coordinator.at(dev.skein.cli.Files.text(address).strip(), null)) {
        return asked(local, "it was killed; start 'skein serve' again, its runs go on");
      }
    }
    Long holder = holder();
    return holder == null
        ? ok("server", "no process holds the data directory")
        : ok("server", "process " + holder + " may hold the data directory, and serves nobody");
  }

  private static Finding asked(Coordinator server, String ifSilent) {
    String status = server.readiness();
    if (status == null) {
      return warning("server", "the server at " + server.url() + " does not answer", ifSilent);
    }
    return status.equals("up")
        ? ok("server", "the server at " + server.url() + " is ready")
        : problem(
            "server",
            "the server at " + server.url() + " is not ready: " + status,
            "look at what it has written, and start it again");
  }

  /// The process that was the last to take the lock, if it lives; the lock itself is not tried,
  /// since a server that starts just then would find it taken.
  private @Nullable Long holder() {
    Path lock = directory.resolve(LOCK);
    if (!Files.isReadable(lock)) {
      return null;
    }
    try {
      long pid = Long.parseLong(Files.readString(lock).strip());
      return Optional.of(pid)
          .flatMap(ProcessHandle::of)
          .filter(ProcessHandle::isAlive)
          .map(ProcessHandle::pid)
          .orElse(null);
    } catch (IOException | NumberFormatException e) {
      return null; // somebody is about to write it
    }
  }
}
