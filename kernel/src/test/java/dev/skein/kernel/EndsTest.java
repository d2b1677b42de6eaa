package dev.skein.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Membership;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /// Shared with nobody, and asked nothing else.
  private static final Store STORE =
      (Store)
          Proxy.newProxyInstance(
              EndsTest.class.getClassLoader(),
              new Class<?>[] {Store.class},
              (_, _, _) -> Membership.ALONE);

  private static final RunRow ROW =
      new RunRow(
          1, "r", new WorkflowRef("n", "w", "1.0.0"), Instant.EPOCH, 3, null, RunLife.running(0));

  private final Ends ends = new Ends(STORE, new SystemClock(), new Activity());

  @Test
  void whoSeesTheEndForItselfLeavesNobodyElseWaiting() throws Exception {
    var waiting = new CountDownLatch(1);
    var first =
        new FutureTask<>(() ->
            ends.await(
                1,
                LONG,
                () -> {
                  waiting.countDown();
                  return null;
                }));
    Thread.ofVirtual().start(first);
    waiting.await();

    assertThat(ends.await(1, LONG, () -> ROW)).isSameAs(ROW);
    ends.ended(ROW);

    assertThat(first.get(10, TimeUnit.SECONDS)).isSameAs(ROW);
  }

  @Test
  void whoHasWaitedInVainIsForgottenAlone() throws Exception {
    assertThat(ends.await(1, Duration.ZERO, () -> null)).isNull();
    ends.stopped(1, new IllegalStateException("nobody hears this"));
    assertThat(ends.await(1, Duration.ZERO, () -> null)).isNull();
  }
}
