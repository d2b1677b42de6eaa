package dev.skein.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much of the processors' time neighbours took, as Linux counts it; nothing elsewhere.
record Steal(long stolen, long total) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final int STEAL_COLUMN = 8;
  private static final int LAST_COLUMN = 8; // guest time is part of user time

  static Steal now() throws IOException {
    if (!Files.isReadable(STAT)) {
      return new Steal(0, 0);
    }
    List<String> columns = List.of(Files.readAllLines(STAT).getFirst().split(" +", -1));
    long total = 0;
    for (int i = 1; i <= LAST_COLUMN; i++) {
      total += Long.parseLong(columns.get(i));
    }
    return new Steal(Long.parseLong(columns.get(STEAL_COLUMN)), total);
  }

  double percentSince(Steal before) {
    long time = total - before.total;
    return time <= 0 ? 0 : 100.0 * (stolen - before.stolen) / time;
  }
}
