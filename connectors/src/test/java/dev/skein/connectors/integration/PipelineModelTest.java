package dev.skein.connectors.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpCallException.Reach;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.integration.CallModel.Attempt;
import dev.skein.connectors.integration.CallModel.Left;
import dev.skein.connectors.integration.CallModel.Outcome;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.Policy.Trigger;
import dev.skein.connectors.resilience.ManualTime;
import dev.skein.kernel.Deferred;
import dev.skein.kernel.journal.Payload;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.NullNode;

/// Policies of any combination, drawn by seed, against [CallModel]: every call must come to what
/// the model says, after as many attempts and at the same time.
class PipelineModelTest {
  private static final int SEEDS = Integer.getInteger("policy.seeds", 2_000);
  private static final int CALLS = 40;
  private static final HttpCall CALL = HttpCall.of("POST", URI.create("http://pay.test/"));

  static IntStream seeds() {
    return IntStream.rangeClosed(1, SEEDS);
  }

  /// A call that was put off, and what it left.
  private record PutOff(long untilNanos, Payload state, Left left) {}

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyCallComesToWhatTheModelSays(int seed) throws Exception {
    var random = new SplittableRandom(seed);
    Policy policy = drawn(random);
    var time = new ManualTime();
    var model = new CallModel(policy);
    Deque<Attempt> script = new ArrayDeque<>();
    Sender system =
        (_, _) -> {
          Attempt attempt = script.remove();
          time.pass(Duration.ofNanos(attempt.tookNanos()));
          return answer(attempt);
        };
    // what is drawn at random is always the least, so that it can be told
    RandomGenerator least = () -> 0L;
    Deque<PutOff> putOff = new ArrayDeque<>();
    try (var pipeline = new Pipeline(system, time, least)) {
      for (int i = 0; i < CALLS; i++) {
        PutOff again = putOff.isEmpty() || random.nextInt(3) == 0 ? null : putOff.remove();
        time.pass(Duration.ofMillis(random.nextInt(1, 3_000)));
        if (again != null) {
          time.pass(Duration.ofNanos(Math.max(0, again.untilNanos - time.nanos())));
        }
        Deque<Attempt> attempts = drawnAttempts(random);
        script.clear();
        script.addAll(attempts);
        model.passTo(time.nanos());
        Outcome expected =
            model.call(again == null ? Left.NOTHING : again.left, iterator(attempts));
        String end = "ok";
        Payload state = again == null ? Payload.EMPTY : again.state;
        long until = 0;
        try {
          pipeline.call(policy, CALL, Circumstances.of("k", state));
        } catch (HttpCallException e) {
          end = kind(e);
        } catch (Deferred deferred) {
          end = "deferred";
          until = Duration.between(time.now(), deferred.until()).toNanos() + time.nanos();
          putOff.add(new PutOff(until, deferred.state(), expected.left()));
        }
        assertThat(end).as("call %d under %s", i, policy).isEqualTo(expected.end());
        assertThat(until).as("until, call %d", i).isEqualTo(expected.untilNanos());
        assertThat(time.nanos()).as("time after call %d", i).isEqualTo(expected.nowNanos());
        int made = attempts.size() - script.size();
        int before = again == null ? 0 : again.left.attempts();
        assertThat(before + made).as("attempts of call %d", i).isEqualTo(expected.attempts());
      }
    }
  }

  private static Iterator<Attempt> iterator(Deque<Attempt> attempts) {
    return attempts.iterator();
  }

  private static Deque<Attempt> drawnAttempts(SplittableRandom random) {
    String[] kinds = {"ok", "ok", "ok", "connect", "reset", "429", "503", "500", "400"};
    boolean down = random.nextInt(3) == 0;
    var attempts = new ArrayDeque<Attempt>();
    for (int i = 0; i < 20; i++) {
      String kind = kinds[random.nextInt(down ? 3 : 0, kinds.length)];
      boolean asks = kind.equals("429") || (kind.equals("503") && random.nextBoolean());
      int[] waits = {0, 1, 4, 30, 4_000};
      long took = Duration.ofMillis(random.nextInt(1, 400)).toNanos();
      attempts.add(new Attempt(kind, took, asks ? waits[random.nextInt(waits.length)] : 0));
    }
    return attempts;
  }

  private static Policy drawn(SplittableRandom random) {
    Policies drawn = new Policies(Policy.DEFAULT).named("drawn");
    Set<Trigger> on = new HashSet<>();
    for (Trigger trigger :
        new Trigger[] {
          new Trigger.Connect(),
          new Trigger.Reset(),
          new Trigger.Status(429),
          new Trigger.Status(503),
          new Trigger.Status(500)
        }) {
      if (random.nextBoolean()) {
        on.add(trigger);
      }
    }
    drawn =
        drawn.retry(
            new Policy.Retry(
                random.nextInt(1, 6),
                on,
                new Policy.Backoff(
                    Duration.ofMillis(random.nextInt(1, 2_000)),
                    random.nextInt(1, 4),
                    Duration.ofSeconds(20),
                    0),
                Duration.ofSeconds(random.nextBoolean() ? 3_600 : 10),
                Duration.ofSeconds(random.nextInt(1, 10))));
    drawn = drawn.budget(new Policy.RetryBudget(random.nextInt(0, 150), random.nextInt(0, 4)));
    if (random.nextBoolean()) {
      Duration overall = Duration.ofSeconds(random.nextInt(1, 20));
      Duration attempt = Duration.ofMinutes(5);
      drawn = drawn.timeout(new Policy.Timeout(attempt, attempt, overall, false));
    }
    if (random.nextBoolean()) {
      drawn =
          drawn.rate(
              new Policy.RateLimit(
                  false,
                  random.nextInt(1, 5),
                  Duration.ofSeconds(random.nextInt(1, 5)),
                  random.nextInt(1, 5),
                  random.nextBoolean()
                      ? Policy.RateLimit.OnLimit.WAIT
                      : Policy.RateLimit.OnLimit.FAIL));
    }
    if (random.nextBoolean()) {
      drawn =
          drawn.breaker(
              new Policy.Breaker(
                  random.nextInt(20, 101),
                  null,
                  random.nextInt(3, 20),
                  Duration.ofSeconds(random.nextInt(1, 30)),
                  random.nextBoolean() ? Policy.Breaker.OnOpen.PARK : Policy.Breaker.OnOpen.FAIL));
    }
    return drawn.policy();
  }

  private static Reply answer(Attempt attempt) throws HttpCallException {
    if (attempt.kind().equals("ok")) {
      return Reply.of(NullNode.instance);
    }
    String kind = attempt.kind();
    Reach reach =
        switch (kind) {
          case "connect" -> Reach.NOT_SENT;
          case "reset" -> Reach.NO_ANSWER;
          default -> Reach.ANSWERED;
        };
    int status = reach == Reach.ANSWERED ? Integer.parseInt(kind) : 503;
    int asked = attempt.retryAfterSeconds();
    Duration retryAfter = asked == 0 ? null : Duration.ofSeconds(asked);
    throw new HttpCallException(
        new Failure(Kind.COMMUNICATION, status, kind, "drawn", false, retryAfter, null, null, null),
        reach,
        null);
  }

  private static String kind(HttpCallException e) {
    return switch (e.title()) {
      case "Breaker open" -> "open";
      case "Rate limit reached" -> "limit";
      case "connect", "reset" -> e.title();
      default -> Integer.toString(e.status());
    };
  }
}
