package dev.skein.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.journal.Payload;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ListeningTest {
  private static final EventFilter PAID = EventFilter.ofType("paid");
  private static final int TIMES = 1_000_000;

  private final Listening listening = new Listening();

  @Test
  void aRunThatBeginsToListenIsThereWhateverRunsOfTheSameTypeLeaveMeanwhile() throws Exception {
    var done = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) {
                listening.add(2, List.of(PAID));
                listening.remove(2, Set.of(PAID));
              }
            });
    int lost = 0;
    try {
      for (int i = 0; i < TIMES; i++) {
        listening.add(1, List.of(PAID));
        lost += listening.to("paid").contains(1L) ? 0 : 1;
        listening.remove(1, Set.of(PAID));
      }
    } finally {
      done.set(true);
      other.join();
    }
    assertThat(lost).isZero();
  }

  @Test
  void aTypeNobodyListensToAnyMoreIsForgotten() {
    var any = new EventFilter(null, Payload.EMPTY);
    listening.add(1, List.of(PAID, any));
    listening.add(2, List.of(PAID));
    listening.remove(1, Set.of(PAID, any));
    assertThat(listening.to("paid")).containsExactly(2L);
    assertThat(listening.toAny()).isEmpty();
  }
}
