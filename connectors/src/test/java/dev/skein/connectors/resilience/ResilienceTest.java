package dev.skein.connectors.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.Policy.Balance.Choice;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each part of a policy for itself.
class ResilienceTest {
  private final ManualTime time = new ManualTime();

  // ---- retry budget

  @Test
  void retriesAddAFifthToTheCallsAndAFewEachSecond() {
    var allowance = new RetryAllowance(new Policy.RetryBudget(20, 3), time);
    assertThat(granted(allowance, 100)).isEqualTo(3);
    IntStream.range(0, 100).forEach(_ -> allowance.firstAttempt());
    assertThat(granted(allowance, 100)).isEqualTo(20);
    time.pass(Duration.ofSeconds(2));
    assertThat(granted(allowance, 100)).isEqualTo(6);
    time.pass(Duration.ofHours(1));
    assertThat(granted(allowance, 100)).isEqualTo(30);
  }

  private static long granted(RetryAllowance allowance, int asked) {
    return IntStream.range(0, asked).filter(_ -> allowance.tryRetry()).count();
  }

  // ---- rate

  @Test
  void noSecondSeesMoreThanTheLimitAndTheBurstComesAfterAPause() {
    var limit =
        new Policy.RateLimit(false, 100, Duration.ofSeconds(1), 20, Policy.RateLimit.OnLimit.WAIT);
    var pace = new OwnPace(limit, time);
    time.pass(Duration.ofMinutes(1));
    var times = new ArrayList<Long>();
    for (int i = 0; i < 1_000; i++) {
      Duration wait = pace.take();
      times.add(time.nanos() + wait.toNanos());
    }
    assertThat(times.stream().filter(t -> t == time.nanos()).count()).isEqualTo(20);
    for (long from = times.getLast(); from >= times.getFirst(); from -= 100_000_000) {
      long begin = from;
      assertThat(times.stream().filter(t -> t >= begin && t < begin + 1_000_000_000L).count())
          .isLessThanOrEqualTo(120);
    }
    assertThat(pace.tryTake()).isFalse();
    time.pass(Duration.ofSeconds(11));
    assertThat(pace.tryTake()).isTrue();
  }

  @Test
  void whoMayNotWaitIsToldHowManyMoreMayComeAndWhen() {
    var limit =
        new Policy.RateLimit(false, 60, Duration.ofMinutes(1), 3, Policy.RateLimit.OnLimit.FAIL);
    var pace = new OwnPace(limit, time);
    assertThat(pace.offer())
        .isEqualTo(new OwnPace.Offer(true, 2, Duration.ZERO, Duration.ofSeconds(1)));
    assertThat(pace.offer())
        .isEqualTo(new OwnPace.Offer(true, 1, Duration.ZERO, Duration.ofSeconds(2)));
    assertThat(pace.offer())
        .isEqualTo(new OwnPace.Offer(true, 0, Duration.ofSeconds(1), Duration.ofSeconds(3)));
    time.pass(Duration.ofMillis(400));
    assertThat(pace.offer())
        .isEqualTo(new OwnPace.Offer(false, 0, Duration.ofMillis(600), Duration.ofMillis(2_600)));
    time.pass(Duration.ofSeconds(2));
    assertThat(pace.offer())
        .isEqualTo(new OwnPace.Offer(true, 1, Duration.ZERO, Duration.ofMillis(1_600)));
  }

  // ---- concurrency

  @Test
  void theGateLetsInSoManyAndTheUrgentFirst() throws Exception {
    var gate = new Gate(new Policy.Concurrency(1, 3, false));
    assertThat(gate.enter(3, 0)).isTrue();
    var order = new ArrayList<Integer>();
    var waiting = new ArrayList<Thread>();
    for (int priority : List.of(5, 3, 1)) {
      Thread waiter =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  assertThat(gate.enter(priority, TimeUnit.SECONDS.toNanos(20))).isTrue();
                  synchronized (order) {
                    order.add(priority);
                  }
                  gate.leave(0);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      waiting.add(waiter);
      while (gate.waiting() < waiting.size()) {
        Thread.onSpinWait();
      }
    }
    assertThat(gate.enter(1, 0)).as("the line is full").isFalse();
    gate.leave(0);
    for (Thread thread : waiting) {
      thread.join();
    }
    assertThat(order).containsExactly(1, 3, 5);
    assertThat(gate.inside()).isZero();
  }

  @Test
  void anInterruptedWaiterLeavesTheLineAndTakesNoPlace() throws Exception {
    var gate = new Gate(new Policy.Concurrency(1, 3, false));
    assertThat(gate.enter(3, 0)).isTrue();
    var interrupted = new CountDownLatch(1);
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                gate.enter(3, TimeUnit.MINUTES.toNanos(1));
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
            });
    while (gate.waiting() == 0) {
      Thread.onSpinWait();
    }
    waiter.interrupt();
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(gate.waiting()).isZero();
    gate.leave(0);
    assertThat(gate.inside()).isZero();
  }

  @Test
  void anAdaptiveGateNarrowsWhileCallsAreSlowAndWidensAgain() throws Exception {
    var gate = new Gate(new Policy.Concurrency(50, 0, true));
    calls(gate, 100, Duration.ofMillis(10));
    assertThat(gate.allowed()).isEqualTo(50);
    calls(gate, 15, Duration.ofMillis(100));
    assertThat(gate.allowed()).isLessThan(25);
    calls(gate, 2_000, Duration.ofMillis(10));
    assertThat(gate.allowed()).isEqualTo(50);
  }

  private static void calls(Gate gate, int count, Duration each) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(gate.enter(3, 0)).isTrue();
      gate.leave(each.toNanos());
    }
  }

  // ---- breaker

  private static Policy.Breaker breaker() {
    return new Policy.Breaker(
        50, Duration.ofSeconds(2), 20, Duration.ofSeconds(30), Policy.Breaker.OnOpen.PARK);
  }

  @Test
  void theBreakerOpensTriesAgainAndCloses() {
    var fuse = new Fuse("x", breaker(), time);
    for (int i = 0; i < 10; i++) {
      assertThat(fuse.tryPass()).isTrue();
      fuse.failed(1_000_000);
    }
    assertThat(fuse.tryPass()).isFalse();
    assertThat(fuse.refusingUntil()).isEqualTo(time.now().plusMillis(30_001));
    time.pass(Duration.ofMillis(30_001));
    assertThat(fuse.refusingUntil()).isNull();
    for (int i = 0; i < 3; i++) {
      assertThat(fuse.tryPass()).isTrue();
    }
    assertThat(fuse.tryPass()).as("trials only").isFalse();
    for (int i = 0; i < 3; i++) {
      fuse.succeeded(1_000_000);
    }
    assertThat(fuse.state()).isEqualTo("closed");
  }

  @Test
  void slowCallsOpenTheBreakerToo() {
    var fuse = new Fuse("x", breaker(), time);
    for (int i = 0; i < 10; i++) {
      assertThat(fuse.tryPass()).isTrue();
      fuse.succeeded(Duration.ofSeconds(3).toNanos());
    }
    assertThat(fuse.isOpen()).isTrue();
  }

  // ---- balance

  private Targets targets(Choice choice, Policy.Ejection ejection, int... weights) {
    var endpoints =
        IntStream.range(0, weights.length)
            .mapToObj(i -> new Policy.Endpoint(URI.create("http://e" + i), weights[i], Map.of()))
            .toList();
    Policy policy =
        Policy.DEFAULT.at(endpoints).balanced(new Policy.Balance(choice, ejection, null));
    return new Targets(policy, _ -> null, time, new Random(7));
  }

  private static Map<String, Integer> shares(Targets targets, int calls) {
    var shares = new TreeMap<String, Integer>();
    for (int i = 0; i < calls; i++) {
      Target target = targets.choose(null);
      target.begin();
      target.end(false, null);
      shares.merge(target.endpoint().url().getHost(), 1, Integer::sum);
    }
    return shares;
  }

  @ParameterizedTest
  @EnumSource(
      value = Choice.class,
      names = {"P2C", "WEIGHTED"})
  void aTenthOfTheWeightGetsATenthOfTheCalls(Choice choice) {
    int canary = shares(targets(choice, null, 90, 10), 10_000).get("e1");
    assertThat(canary).isBetween(900, 1_100);
  }

  @Test
  void roundRobinTakesTurns() {
    assertThat(shares(targets(Choice.ROUND_ROBIN, null, 90, 10), 10_000))
        .containsEntry("e0", 5_000)
        .containsEntry("e1", 5_000);
  }

  @Test
  void p2cPrefersTheLessLoaded() {
    Targets targets = targets(Choice.P2C, null, 1, 1);
    IntStream.range(0, 50).forEach(_ -> targets.all().getFirst().begin());
    assertThat(shares(targets, 1_000).get("e1")).isGreaterThan(700);
  }

  @Test
  void whoFailsInARowIsLeftOutForAWhileButNeverMoreThanHalf() {
    Targets targets =
        targets(Choice.ROUND_ROBIN, new Policy.Ejection(3, Duration.ofSeconds(30)), 1, 1, 1, 1);
    fail(targets.all().getFirst());
    assertThat(shares(targets, 90)).doesNotContainKey("e0").containsEntry("e1", 30);
    fail(targets.all().get(1));
    fail(targets.all().get(2));
    assertThat(shares(targets, 100)).hasSize(4);
    time.pass(Duration.ofSeconds(31));
    assertThat(shares(targets, 100)).hasSize(4);
  }

  private static void fail(Target target) {
    for (int i = 0; i < 3; i++) {
      target.begin();
      target.end(true, new Policy.Ejection(3, Duration.ofSeconds(30)));
    }
  }

  // ---- latencies

  @Test
  void percentilesAreOfTheLastMinutes() {
    var latencies = new Latencies(time);
    assertThat(latencies.percentile(95)).isNull();
    IntStream.rangeClosed(1, 100).forEach(ms -> latencies.took(Duration.ofMillis(ms).toNanos()));
    assertThat(latencies.percentile(95).toMillis()).isBetween(94L, 96L);
    time.pass(Duration.ofMinutes(3));
    assertThat(latencies.percentile(95)).isNull();
  }
}
