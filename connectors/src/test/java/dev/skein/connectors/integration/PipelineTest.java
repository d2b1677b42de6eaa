package dev.skein.connectors.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.Policy.Backoff;
import dev.skein.connectors.policy.Policy.Trigger;
import dev.skein.connectors.resilience.ManualTime;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.kernel.Deferred;
import dev.skein.kernel.journal.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// Calls under a policy, to a server that answers as it is told.
class PipelineTest {
  private final ManualTime time = new ManualTime();
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<Map<String, List<String>>> seen = new ArrayList<>();
  private final HttpConnector connector = new HttpConnector();
  private final Sender sender = (call, _) -> connector.reply(call);
  private final Pipeline pipeline = new Pipeline(sender, time, new Random(1));
  private HttpServer server;
  private URI uri;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          seen.add(Map.copyOf(exchange.getRequestHeaders()));
          String[] answer = answers.isEmpty() ? new String[] {"200"} : answers.poll().split(" ");
          if (answer.length > 1) {
            exchange.getResponseHeaders().set("Retry-After", answer[1]);
          }
          byte[] body = ("\"" + exchange.getRequestURI() + "\"").getBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(Integer.parseInt(answer[0]), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/pay?x=1");
  }

  @AfterEach
  void close() {
    server.stop(0);
    connector.close();
  }

  private static final Policy.Retry RETRY =
      new Policy.Retry(
          4,
          Set.of(
              new Trigger.Connect(),
              new Trigger.Reset(),
              new Trigger.Status(429),
              new Trigger.Status(503)),
          new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(20), 0),
          Duration.ofHours(1),
          Duration.ofSeconds(5));

  private static Policies policy() {
    return new Policies(Policy.DEFAULT).named("payments").retry(RETRY);
  }

  private JsonNode call(Policy policy) throws Exception {
    return call(policy, Payload.EMPTY);
  }

  private JsonNode call(Policy policy, Payload deferred) throws Exception {
    return pipeline.call(policy, HttpCall.of("POST", uri), Circumstances.of("key-1", deferred));
  }

  private HttpCallException failure(Policy policy) {
    return catchThrowableOfType(HttpCallException.class, () -> call(policy));
  }

  private Deferred deferral(Policy policy, Payload before) {
    return catchThrowableOfType(Deferred.class, () -> call(policy, before));
  }

  @Test
  void triesAgainUnderTheSameKeyWithGrowingPauses() throws Exception {
    answers.addAll(List.of("503", "503", "503"));
    assertThat(call(policy().policy()).asString()).isEqualTo("/pay?x=1");
    assertThat(time.slept)
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
    assertThat(seen)
        .hasSize(4)
        .allSatisfy(headers -> assertThat(headers.get("Idempotency-key")).containsExactly("key-1"));
  }

  @Test
  void givesUpAfterTheLastAttemptAndForWhatIsNotWorthAnother() {
    answers.addAll(List.of("503", "503", "503", "503", "200"));
    assertThat(failure(policy().policy()).status()).isEqualTo(503);
    assertThat(seen).hasSize(4);
    answers.clear();
    answers.add("400");
    assertThat(failure(policy().policy()).status()).isEqualTo(400);
    assertThat(seen).hasSize(5);
  }

  @Test
  void withoutAKeyACallThatMayNotBeRepeatedIsNot() {
    answers.addAll(List.of("503", "200"));
    assertThat(failure(policy().idempotency(null).policy()).status()).isEqualTo(503);
    assertThat(seen).hasSize(1);
  }

  @Test
  void retryAfterIsHonouredHereIfShortDurablyIfLongAndNotBeyondItsBound() throws Exception {
    answers.addAll(List.of("429 3", "200"));
    call(policy().policy());
    assertThat(time.slept).containsExactly(Duration.ofSeconds(3));
    answers.add("429 1200");
    Deferred deferred = deferral(policy().policy(), Payload.EMPTY);
    assertThat(deferred.until()).isEqualTo(time.now().plusSeconds(1200));
    assertThat(deferred).hasMessageStartingWith("attempt 2 of a call to payments after: ");
    answers.add("429 7200");
    assertThat(failure(policy().policy()).status()).isEqualTo(429);
  }

  @Test
  void attemptsAreCountedOverDurableWaits() {
    Payload state = Payload.EMPTY;
    for (int i = 0; i < 3; i++) {
      answers.add("429 60");
      Payload before = state;
      Deferred deferred = deferral(policy().policy(), before);
      state = deferred.state();
      time.pass(Duration.ofSeconds(60));
    }
    answers.add("429 60");
    Payload last = state;
    assertThatThrownBy(() -> call(policy().policy(), last)).isInstanceOf(HttpCallException.class);
    assertThat(seen).hasSize(4);
  }

  @Test
  void retriesStayWithinTheBudget() {
    Policy policy = policy().budget(new Policy.RetryBudget(20, 0)).policy();
    for (int i = 0; i < 100; i++) {
      answers.addAll(List.of("503", "503", "503", "503"));
      assertThat(failure(policy)).isNotNull();
      answers.clear();
    }
    assertThat(seen).hasSize(120);
  }

  @Test
  void theWholeCallEndsByItsDeadline() {
    Policy policy =
        policy()
            .retry(
                new Policy.Retry(
                    100, RETRY.on(), RETRY.backoff(), RETRY.honourRetryAfter(), Duration.ofDays(1)))
            .budget(new Policy.RetryBudget(100, 1_000))
            .timeout(
                new Policy.Timeout(
                    Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(15), true))
            .policy();
    for (int i = 0; i < 100; i++) {
      answers.add("503");
    }
    assertThat(failure(policy).status()).isEqualTo(503);
    assertThat(time.since()).isLessThan(Duration.ofSeconds(15));
    assertThat(seen.getFirst().get("Request-timeout")).containsExactly("2.000");
  }

  @Test
  void aRefusedConnectionIsTriedElsewhere() throws Exception {
    int unused;
    try (ServerSocket socket = new ServerSocket(0)) {
      unused = socket.getLocalPort();
    }
    URI good = URI.create("http://localhost:" + server.getAddress().getPort() + "/v2/");
    Policy policy =
        policy()
            .policy()
            .at(
                List.of(
                    new Policy.Endpoint(URI.create("http://localhost:" + unused), 1, Map.of()),
                    new Policy.Endpoint(good, 1, Map.of())));
    for (int i = 0; i < 20; i++) {
      JsonNode answer =
          pipeline.call(
              policy,
              HttpCall.of("POST", URI.create("https://pay.example.com/pay?x=1")),
              Circumstances.of("k", Payload.EMPTY));
      assertThat(answer.asString()).isEqualTo("/v2/pay?x=1");
    }
    assertThat(seen)
        .allSatisfy(headers -> assertThat(headers.get("Host")).containsExactly("pay.example.com"));
  }

  @Test
  void anOpenBreakerParksTheCallsOrFailsThem() {
    var rule = new Policy.Breaker(50, null, 10, Duration.ofSeconds(30), Policy.Breaker.OnOpen.PARK);
    Policy parking = policy().retry(Policy.Retry.NONE).breaker(rule).policy();
    for (int i = 0; i < 10; i++) {
      answers.add("503");
      assertThat(failure(parking).status()).isEqualTo(503);
    }
    Deferred deferred = deferral(parking, Payload.EMPTY);
    assertThat(Duration.between(time.now(), deferred.until()))
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(34));
    assertThat(deferred).hasMessage("the breaker of payments to close");
    assertThat(seen).hasSize(10);
    time.pass(Duration.ofSeconds(31));
    assertThat(deferral(parking, deferred.state())).isNull();
    var failing =
        new Policy.Breaker(50, null, 10, Duration.ofSeconds(30), Policy.Breaker.OnOpen.FAIL);
    Policy other = policy().named("other").retry(Policy.Retry.NONE).breaker(failing).policy();
    for (int i = 0; i < 10; i++) {
      answers.add("503");
      assertThat(failure(other).status()).isEqualTo(503);
    }
    assertThat(failure(other).title()).isEqualTo("Breaker open");
  }

  @Test
  void howMuchOfARateLimitIsUsedIsMeasured() throws Exception {
    var rule =
        new Policy.RateLimit(false, 2, Duration.ofSeconds(1), 1, Policy.RateLimit.OnLimit.WAIT);
    for (int i = 0; i < 40; i++) {
      call(policy().rate(rule).policy());
    }
    Measures.Rate rate = pipeline.measures().getFirst().rate();
    assertThat(rate).isNotNull();
    assertThat(rate.allowed()).isEqualTo(2.0);
    assertThat(rate.used()).isBetween(0.3, 2.1);
  }

  @Test
  void beyondTheRateACallWaitsForItsTurnWhichItKeeps() throws Exception {
    var rule =
        new Policy.RateLimit(false, 1, Duration.ofSeconds(2), 1, Policy.RateLimit.OnLimit.WAIT);
    Policy policy = policy().rate(rule).policy();
    for (int i = 0; i < 3; i++) {
      call(policy);
    }
    assertThat(time.slept).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
    time.slept.clear();
    List<Deferred> deferred = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Policy.RateLimit slow =
          new Policy.RateLimit(false, 1, Duration.ofSeconds(10), 1, Policy.RateLimit.OnLimit.WAIT);
      Deferred one = deferral(policy().named("slow").rate(slow).policy(), Payload.EMPTY);
      if (one != null) {
        deferred.add(one);
      }
    }
    assertThat(deferred)
        .extracting(d -> Duration.between(time.now(), d.until()).toSeconds())
        .containsExactly(10L, 20L, 30L, 40L);
    time.pass(Duration.ofSeconds(10));
    Policy.RateLimit slow =
        new Policy.RateLimit(false, 1, Duration.ofSeconds(10), 1, Policy.RateLimit.OnLimit.WAIT);
    call(policy().named("slow").rate(slow).policy(), deferred.getFirst().state());
    assertThat(time.slept).isEmpty();
  }

  @Test
  void anEndpointThatDoesNotSayThatItIsWellGetsNoCallsUntilItDoes() throws Exception {
    var sick = new AtomicBoolean(true);
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var called = new AtomicInteger();
    other.createContext(
        "/",
        exchange -> {
          boolean probe = exchange.getRequestURI().getPath().equals("/base/health");
          called.addAndGet(probe ? 0 : 1);
          exchange.sendResponseHeaders(probe && sick.get() ? 500 : 204, -1);
          exchange.close();
        });
    other.start();
    var health = new Policy.Health("/health", Duration.ofMillis(5), Duration.ofSeconds(5), 2, 2);
    Policy policy =
        policy()
            .policy()
            .balanced(new Policy.Balance(Policy.Balance.Choice.ROUND_ROBIN, null, health))
            .at(
                List.of(
                    new Policy.Endpoint(
                        URI.create("http://localhost:" + other.getAddress().getPort() + "/base/"),
                        1,
                        Map.of()),
                    new Policy.Endpoint(URI.create("http://" + uri.getAuthority()), 1, Map.of())));
    call(policy);
    until(() -> !pipeline.measures().getFirst().endpoints().getFirst().well());
    int before = called.get();
    for (int i = 0; i < 20; i++) {
      call(policy);
    }
    assertThat(called).hasValue(before);
    sick.set(false);
    until(() -> pipeline.measures().getFirst().endpoints().getFirst().well());
    for (int i = 0; i < 20; i++) {
      call(policy);
    }
    assertThat(called).hasValue(before + 10);
    pipeline.close();
    other.stop(0);
  }

  private static void until(BooleanSupplier holds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aHedgeAnswersForAFirstAttemptThatHangs() throws Exception {
    var hanging = new CountDownLatch(1);
    var attempts = new AtomicInteger();
    var broken = new CountDownLatch(1);
    Sender slowAtFirst =
        (call, _) -> {
          if (attempts.incrementAndGet() == 1) {
            try {
              hanging.await();
            } catch (InterruptedException e) {
              broken.countDown();
              throw e;
            }
          }
          return connector.reply(call);
        };
    var hedging = new Pipeline(slowAtFirst, Timeline.system(), new Random(1));
    var rule = new Policy.Hedge(Duration.ofMillis(20), 95, Set.of("GET"));
    Policy policy = policy().hedge(rule).concurrency(new Policy.Concurrency(2, 0, false)).policy();
    JsonNode answer =
        hedging.call(policy, HttpCall.of("GET", uri), Circumstances.of("k", Payload.EMPTY));
    assertThat(answer.asString()).isEqualTo("/pay?x=1");
    broken.await();
    assertThat(attempts).hasValue(2);
    for (int i = 0; i < 10; i++) { // every place is free again
      hedging.call(policy, HttpCall.of("GET", uri), Circumstances.of("k", Payload.EMPTY));
    }
  }

  @Test
  void aFullLineIsLeftDurablyAndForLongerEachTime() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    Sender holding =
        (_, _) -> {
          entered.countDown();
          release.await();
          return Reply.of(NullNode.instance);
        };
    var full = new Pipeline(holding, time, new Random(1));
    Policy policy = policy().concurrency(new Policy.Concurrency(1, 0, false)).policy();
    var at = Circumstances.of("k", Payload.EMPTY);
    Thread holder =
        Thread.ofVirtual()
            .start(() -> {
              try {
                full.call(policy, HttpCall.of("GET", uri), at);
              } catch (HttpCallException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    entered.await();
    Payload state = Payload.EMPTY;
    var waits = new ArrayList<Long>();
    for (int i = 0; i < 8; i++) {
      var again = Circumstances.of("k", state);
      Deferred deferred =
          catchThrowableOfType(
              Deferred.class, () -> full.call(policy, HttpCall.of("GET", uri), again));
      waits.add(Duration.between(time.now(), deferred.until()).toSeconds());
      state = deferred.state();
    }
    assertThat(waits).isSorted().startsWith(1L, 2L);
    assertThat(waits.getLast()).isBetween(32L, 36L);
    release.countDown();
    holder.join();
  }
}
