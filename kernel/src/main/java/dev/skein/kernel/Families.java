package dev.skein.kernel;

import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Stops runs that nobody wants any more: those whose parent has ended or waits for them no longer,
/// unless they were abandoned. Thread-safe.
final class Families {
  private static final int ORPHANS_A_READ = 1_000;

  private final Store store;
  private final Residents residents;

  Families(Store store, Residents residents) {
    this.store = store;
    this.residents = residents;
  }

  /// What the end of their parent would have done, had no crash come between.
  void recover() {
    long above = Long.MIN_VALUE;
    List<RunRow> rows;
    do {
      rows = store.orphans(above, ORPHANS_A_READ);
      for (RunRow row : rows) {
        cancel(row, "its parent has ended");
        above = row.number();
      }
    } while (rows.size() == ORPHANS_A_READ);
  }

  void ended(RunRow parent) {
    for (RunRow child : store.children(parent.number())) {
      cancel(child, "its parent " + parent.id() + " has ended");
    }
  }

  void noLongerAwaited(String id, RunRow parent) {
    RunRow child = store.run(id);
    if (child != null) {
      cancel(child, "its parent " + parent.id() + " no longer waits for it");
    }
  }

  private void cancel(RunRow child, String reason) {
    RunRow.Parent parent = child.parent();
    if (!child.status().ended() && parent != null && !parent.abandon()) {
      residents.bring(child.number(), new Request.Cancel(reason, new CompletableFuture<>()));
    }
  }
}
