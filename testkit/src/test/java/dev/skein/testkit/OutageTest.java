package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.integration.Circumstances;
import dev.skein.connectors.integration.Pipeline;
import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.settings.Settings;
import dev.skein.store.SqliteStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A thousand runs whose one dependency is gone for ten minutes.
class OutageTest {
  private static final int RUNS = 1_000;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant BACK = BEGIN.plus(Duration.ofMinutes(10));
  private static final WorkflowRef REF = new WorkflowRef("test", "pays", "1.0.0");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String SETTINGS =
      """
      integrations:
        payments:
          match: {hosts: [pay.test]}
          retry: {attempts: 5, on: [connect, 503], durableAfter: PT0.001S}
          retryBudget: {percent: 20, minPerSecond: 0}
          breaker: {failureRate: 50, window: 100, openFor: PT30S, onOpen: park}
          concurrency: {max: 50, queue: 5000}
      """;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// The carriers of virtual threads may still be growing to the number of processors.
  private static final int MORE_THREADS = Runtime.getRuntime().availableProcessors();

  /// Less than 1 KiB for each run: they wait for nine more minutes, and keep nothing for it.
  private static final long MORE_BYTES = RUNS * 1024L;

  @TempDir private Path data;
  private final VirtualClock clock = new VirtualClock(BEGIN);
  private final ConcurrentMap<String, AtomicInteger> done = new ConcurrentHashMap<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger firstAttempts = new AtomicInteger();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  @Test
  void theRunsParkAndAllEndWithinAMinuteAfterItIsBack() throws Exception {
    Policy policy =
        Settings.read(SETTINGS)
            .result()
            .policies()
            .policy(Match.Call.of("POST", URI.create("http://pay.test/")));
    var pipeline = new Pipeline((call, _) -> Reply.of(answer(call)), timeline(), new Random(5));
    HttpCall pay = HttpCall.of("POST", URI.create("http://pay.test/"));
    Workflow workflow =
        (context, _) ->
            context.step(
                "pay",
                attempt -> {
                  var at = Circumstances.of(attempt.idempotencyKey(), attempt.deferred());
                  return Payload.of(pipeline.call(policy, pay, at).toString());
                });
    // closed by the engine; on disk, as what is kept there costs no memory
    var store = SqliteStore.open(data);
    var options = EngineOptions.DEFAULT.horizon(Duration.ofDays(1));
    try (var engine = new Engine(store, clock, _ -> workflow, options)) {
      for (int i = 0; i < RUNS; i++) {
        engine.start(new Engine.Start(REF, Payload.of("{}"), "r" + i, 3));
      }
      passTo(engine, BEGIN.plus(Duration.ofMinutes(1)));
      int threads = THREADS.getThreadCount();
      long heap = liveBytes();
      passTo(engine, BACK.minusSeconds(1));
      assertThat(THREADS.getThreadCount()).isLessThanOrEqualTo(threads + MORE_THREADS);
      assertThat(liveBytes()).isLessThan(heap + MORE_BYTES);
      assertThat(done).isEmpty();
      var open = store.runs(RunFilter.newest(RUNS));
      assertThat(open).allMatch(run -> run.status() == RunStatus.WAITING);
      assertThat(attempts.get()).isLessThanOrEqualTo(RUNS * 120 / 100);
      passTo(engine, BACK.plus(Duration.ofMinutes(1)));
      assertThat(store.runs(RunFilter.newest(RUNS)))
          .extracting(RunRow::status)
          .containsOnly(RunStatus.COMPLETED);
    }
    assertThat(done).hasSize(RUNS).allSatisfy((_, times) -> assertThat(times).hasValue(1));
    assertThat(attempts.get()).isLessThanOrEqualTo(firstAttempts.get() * 120 / 100);
  }

  /// What the heap holds once all that nobody needs is gone.
  private static long liveBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private JsonNode answer(HttpCall call) throws HttpCallException {
    String key = call.headers().get("Idempotency-Key");
    attempts.incrementAndGet();
    if (asked.add(key)) {
      firstAttempts.incrementAndGet();
    }
    if (clock.now().isBefore(BACK)) {
      throw new HttpCallException(
          Failure.of(Kind.COMMUNICATION, 503, "Service unreachable", "down", false), null);
    }
    done.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
    return JsonNodeFactory.instance.stringNode("paid");
  }

  private void passTo(Engine engine, Instant end) throws InterruptedException {
    while (true) {
      assertThat(engine.awaitQuiet(PATIENCE)).isTrue();
      Instant next = clock.next();
      if (next == null || next.isAfter(end)) {
        clock.advanceTo(end);
        return;
      }
      clock.advanceTo(next);
    }
  }

  private Timeline timeline() {
    return new Timeline() {
      @Override
      public Instant now() {
        return clock.now();
      }

      @Override
      public long nanos() {
        return Duration.between(BEGIN, clock.now()).toNanos();
      }

      @Override
      public void sleep(Duration time) {
        throw new IllegalStateException("every wait here is durable");
      }
    };
  }
}
