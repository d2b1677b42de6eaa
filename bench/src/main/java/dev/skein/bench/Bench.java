package dev.skein.bench;

import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.SystemClock;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.store.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;

/// An engine with one workflow, on a real store in a folder unless told otherwise.
final class Bench implements AutoCloseable {
  static final WorkflowRef REF = new WorkflowRef("bench", "measured", "1");
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final SystemClock clock = new SystemClock();
  private final Store store;
  private final Engine engine;

  Bench(Path folder, Workflow workflow) {
    this(SqliteStore.open(folder), workflow);
  }

  Bench(Store store, Workflow workflow) {
    this.store = store;
    engine =
        new Engine(store, clock, ref -> ref.equals(REF) ? workflow : null, EngineOptions.DEFAULT);
  }

  Engine engine() {
    return engine;
  }

  RunRow start(Payload input) {
    return engine.start(Engine.Start.of(REF, input));
  }

  void start(String id, Payload input) {
    engine.start(new Engine.Start(REF, input, id, 3));
  }

  /// Starts a run and waits until its end is durable.
  void runToEnd() throws InterruptedException {
    awaitEnd(start(Payload.EMPTY).id());
  }

  void awaitEnd(String id) throws InterruptedException {
    RunRow row = engine.await(id, PATIENCE);
    if (row == null || row.status() != RunStatus.COMPLETED) {
      throw new IllegalStateException("run " + id + " did not complete: " + row);
    }
  }

  @Override
  public void close() {
    engine.close();
    store.close();
    clock.close();
  }
}
