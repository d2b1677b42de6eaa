package dev.skein.kernel;

import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import java.util.List;

/// Finds, when a store is opened or runs are taken over, those that their last owner did not hand
/// back or could not wake: those in flight, and those an event came for.
record Recovery(Store store, Residents residents) {
  private static final int BATCH = 1_000;

  void bringBack() {
    bringBackInterrupted();
    bringBackTold();
  }

  private void bringBackInterrupted() {
    long above = Long.MIN_VALUE;
    List<RunRow> rows;
    do {
      rows = store.interrupted(above, BATCH);
      for (RunRow row : rows) {
        residents.bring(row.number(), new Request.Wake());
        above = row.number();
      }
    } while (rows.size() == BATCH);
  }

  void bringBackTold() {
    long above = Long.MIN_VALUE;
    List<Long> told;
    do {
      told = store.runsWithEvents(above, BATCH);
      for (Long number : told) {
        residents.bring(number, new Request.Wake());
        above = number;
      }
    } while (told.size() == BATCH);
  }
}
