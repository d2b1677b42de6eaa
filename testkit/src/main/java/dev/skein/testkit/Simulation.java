package dev.skein.testkit;

import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Workflows;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An engine whose time passes as fast as it can: whenever every run waits, the clock jumps to the
/// next alarm. Owned by one thread.
public final class Simulation implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration HORIZON = Duration.ofDays(400);
  private static final int MOST_JUMPS = 100_000;

  private final Store store;
  private final VirtualClock clock;
  private final Engine engine;

  public Simulation(Store store, VirtualClock clock, Workflows workflows, EngineOptions options) {
    this.store = store;
    this.clock = clock;
    this.engine = new Engine(store, clock, workflows, options.horizon(HORIZON));
  }

  public Engine engine() {
    return engine;
  }

  /// Turns the clock until the run has ended or stands still for good; null if the store failed
  /// before it was accepted.
  public @Nullable RunRow settle(String id) throws InterruptedException {
    for (int jump = 0; jump < MOST_JUMPS; jump++) {
      if (!engine.awaitQuiet(PATIENCE)) {
        throw new IllegalStateException("run " + id + " is still busy after " + PATIENCE);
      }
      if (!allIsDurable()) {
        return store.run(id);
      }
      RunRow row = store.run(id);
      if (row == null || standsStill(row)) {
        return row;
      }
      Instant next = clock.next();
      if (next == null) {
        return row;
      }
      if (engine.failed()) {
        return row;
      }
      clock.advanceTo(next);
    }
    throw new IllegalStateException("run " + id + " did not end in " + MOST_JUMPS + " alarms");
  }

  /// Waits for the commits under way: otherwise hours could pass before a timer is written down.
  /// False if the store has failed.
  private boolean allIsDurable() {
    try {
      engine.commit(List.of());
      return true;
    } catch (StoreException failed) {
      return false;
    }
  }

  /// Whether only somebody outside could make it go on.
  private static boolean standsStill(RunRow row) {
    return switch (row.status()) {
      case COMPLETED, FAULTED, CANCELLED, SUSPENDED -> true;
      case WAITING -> row.progress().wakeAt() == null;
      case PENDING, RUNNING -> false;
    };
  }

  @Override
  public void close() {
    engine.close();
  }
}
