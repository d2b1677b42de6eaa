package dev.skein.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EndsTest {
  @Test
  void whoSeesTheEndForItselfLeavesNobodyElseWaiting() {
    var ends = new Ends();
    var row =
        new RunRow(
            1, "r", new WorkflowRef("n", "w", "1.0.0"), Instant.EPOCH, 3, null, RunLife.running(0));
    var first = ends.of(1);
    var second = ends.of(1);
    ends.seen(row, second);
    ends.ended(row);
    assertThat(first).isCompletedWithValue(row);
  }
}
