package dev.skein.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How much of the processors others have taken, as Linux counts it in ticks: neighbours outside
/// this machine (steal) and other processes on it. Nothing elsewhere.
///
/// @param own what this process and its ended children have taken
record Steal(long stolen, long idle, long total, long own) {
  private static final Path MACHINE = Path.of("/proc/stat");
  private static final Path PROCESS = Path.of("/proc/self/stat");
  private static final int IDLE = 4;
  private static final int DISK_WAIT = 5;
  private static final int STOLEN = 8; // the last but guests, whose time is part of user time
  private static final int OWN_FIRST = 11; // behind the name: user, system, the children's
  private static final int OWN_LAST = 14;
  private static final double LARGEST_STEAL_PERCENT = 5;
  private static final double LARGEST_OTHERS_PERCENT = 10;

  static Steal now() throws IOException {
    if (!Files.isReadable(MACHINE) || !Files.isReadable(PROCESS)) {
      return new Steal(0, 0, 0, 0);
    }
    String machine = Files.readAllLines(MACHINE).getFirst();
    String process = Files.readString(PROCESS);
    String behindName = process.substring(process.lastIndexOf(')') + 1).strip();
    return new Steal(
        sum(machine, STOLEN, STOLEN),
        sum(machine, IDLE, DISK_WAIT),
        sum(machine, 1, STOLEN),
        sum(behindName, OWN_FIRST, OWN_LAST));
  }

  private static long sum(String line, int first, int last) {
    return List.of(line.split(" +", -1)).subList(first, last + 1).stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  /// What makes the figure measured since `before` doubtful, if anything does.
  Optional<String> warning(String figure, Steal before) {
    long ticks = total - before.total;
    if (ticks <= 0) {
      return Optional.empty();
    }
    double steal = 100.0 * (stolen - before.stolen) / ticks;
    double busy = 100.0 - steal - 100.0 * (idle - before.idle) / ticks;
    double others = Math.max(0, busy - 100.0 * (own - before.own) / ticks);
    if (steal <= LARGEST_STEAL_PERCENT && others <= LARGEST_OTHERS_PERCENT) {
      return Optional.empty();
    }
    return Optional.of(
        Settings.text(
            "warning: during %s neighbours took %.0f %% of the processors (steal) and other"
                + " processes %.0f %%; measure it again",
            figure, steal, others));
  }
}
