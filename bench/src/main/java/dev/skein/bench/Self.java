package dev.skein.bench;

import java.lang.management.ManagementFactory;

/// What this process says of itself.
final class Self {
  private Self() {}

  /// Bytes of heap in use after a full collection.
  static long heapAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  static long millisSinceStart() {
    return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
  }
}
