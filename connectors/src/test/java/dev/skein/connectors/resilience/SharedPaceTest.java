package dev.skein.connectors.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedPaceTest {
  private static final Policy.RateLimit LIMIT =
      new Policy.RateLimit(true, 100, Duration.ofSeconds(1), 5, Policy.RateLimit.OnLimit.WAIT);

  private final ManualTime time = new ManualTime();
  private final List<Integer> taken = new ArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private Duration wait = Duration.ZERO;
  private Runnable during = () -> {};

  /// Answers the first question when it is told to, all others at once.
  private final Places places =
      new Places() {
        @Override
        public boolean isShared() {
          return true;
        }

        @Override
        public Duration take(String limit, Policy.RateLimit rate, int count)
            throws InterruptedException {
          assertThat(limit).isEqualTo("pay");
          taken.add(count);
          asked.countDown();
          assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
          if (count > 1) {
            during.run();
          }
          return wait;
        }

        @Override
        public boolean tryTake(String limit, Policy.RateLimit rate) {
          return taken.isEmpty();
        }
      };

  private final SharedPace pace = new SharedPace("pay", LIMIT, places, time);

  @Test
  void placesAreTakenForAllWhoWait() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Duration> first = threads.submit(pace::take);
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      List<Future<Duration>> others = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        others.add(threads.submit(pace::take));
      }
      while (pace.waiting() < 20) {
        Thread.onSpinWait();
      }
      wait = Duration.ofMillis(100);
      answer.countDown();
      assertThat(first.get()).isEqualTo(Duration.ofMillis(100));
      List<Long> waits = new ArrayList<>();
      for (Future<Duration> other : others) {
        waits.add(other.get().toMillis());
      }
      assertThat(taken).containsExactly(1, 20);
      // the last after 100 ms, those before it each 10 ms earlier, the first ten at once
      assertThat(waits.stream().sorted().toList())
          .containsExactly(
              0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 10L, 20L, 30L, 40L, 50L, 60L, 70L, 80L, 90L,
              100L);
    }
  }

  @Test
  void aPlaceThatWasLeftIsNotUsedWhenItsTurnHasPassed() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Duration> first = threads.submit(pace::take);
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      Future<Duration> second = threads.submit(pace::take);
      Future<Duration> leaver = threads.submit(pace::take);
      while (pace.waiting() < 2) {
        Thread.onSpinWait();
      }
      during = () -> leaver.cancel(true);
      answer.countDown();
      first.get();
      second.get();
      while (pace.waiting() > 0) {
        Thread.onSpinWait();
      }
    }
    assertThat(taken).containsExactly(1, 2);
    pace.take();
    assertThat(taken).as("the one that was left is used").containsExactly(1, 2);
    time.pass(Duration.ofSeconds(1));
    pace.take();
    assertThat(taken).containsExactly(1, 2, 1);
  }

  @Test
  void nobodyIsKeptWhereNobodyCanTell() throws Exception {
    answer.countDown();
    wait = null;
    assertThat(pace.take()).isNull();
    wait = Duration.ZERO;
    assertThat(pace.take()).isZero();
  }

  @Test
  void aPlaceIsTriedForWhereAllAgree() throws Exception {
    assertThat(pace.tryTake()).isTrue();
    answer.countDown();
    pace.take();
    assertThat(pace.tryTake()).isFalse();
  }
}
