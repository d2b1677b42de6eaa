package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Fuse;
import dev.skein.connectors.resilience.Gate;
import dev.skein.connectors.resilience.Pace;
import dev.skein.connectors.resilience.Target;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.kernel.Deferred;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One call, from its deadline to its answer. The order of what happens to it is fixed: deadline,
/// idempotency, then for each attempt rate, concurrency, endpoint, breaker, transformation,
/// contract, authentication, address check. Owned by one thread; its attempts may run on two
/// others, and share what it guards by its own monitor.
final class PolicedCall {
  private static final Duration FIRST_PARKING = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private final Integration system;
  private final Policy policy;
  private final Means means;
  private final Timeline time;
  private final RandomGenerator random;
  private final Shaping shaping;
  private final Held contract;
  private final HttpCall call;
  private final Circumstances at;
  private final long begunNanos;
  private Progress progress;
  private @Nullable Target tried;
  private volatile @Nullable HttpCallException refusal;

  /// What every call needs.
  record Means(Sender sender, Pipeline.Surroundings surroundings, ScheduledExecutorService timer) {}

  PolicedCall(Integration system, Means means, HttpCall call, Circumstances at) {
    this.system = system;
    this.policy = system.policy;
    this.means = means;
    this.time = means.surroundings.time();
    this.random = means.surroundings.random();
    this.shaping = new Shaping(system.policy.transform(), means.surroundings.filling());
    this.at = at;
    this.call = Requests.keyed(call, policy, at.idempotencyKey());
    this.contract = new Held(policy, this.call, means.surroundings.notices());
    this.progress = Progress.of(at.deferred());
    this.begunNanos = time.nanos();
  }

  JsonNode run() throws HttpCallException, InterruptedException {
    if (progress.attempts() == 0 && progress.parked() == 0) {
      system.meter.calls.increment();
    }
    while (true) {
      pay();
      takePlace();
      enter();
      try {
        return Hedge.run(system, call.method(), at.priority(), means.timer, this::attempt);
      } catch (HttpCallException e) {
        if (e == refusal) {
          throw e; // by the breaker, which is to spare everybody further attempts
        }
        waitFor(Retries.after(e, call, progress.attempts(), system, random), e);
      }
    }
  }

  /// For a retry that the budget had nothing left for.
  private void pay() {
    if (progress.unpaid()) {
      progress = progress.paid(system.allowance.tryRetry());
      if (progress.unpaid()) {
        throw parking("the retry budget of " + policy.integration());
      }
    }
  }

  /// Under the rate limit.
  private void takePlace() throws HttpCallException, InterruptedException {
    Pace pace = system.pace;
    Policy.RateLimit limit = policy.rateLimit();
    if (pace == null || limit == null || progress.paced()) {
      return;
    }
    if (limit.onLimit() == Policy.RateLimit.OnLimit.FAIL) {
      if (!pace.tryTake()) {
        throw Refusals.overLimit(policy);
      }
      progress = progress.placed();
      return;
    }
    Duration wait = pace.take();
    if (wait == null) {
      throw parking("the rate limit of " + policy.integration() + " to be reached");
    }
    progress = progress.placed();
    pause(wait, "its turn under the rate limit of " + policy.integration());
  }

  /// Among the calls under way.
  private void enter() throws HttpCallException, InterruptedException {
    Gate gate = system.gate;
    if (gate == null) {
      return;
    }
    long patience = Math.min(policy.retry().durableAfter().toNanos(), leftNanos());
    if (!gate.enter(at.priority(), patience)) {
      failIfOver(null);
      throw parking("a place among the calls to " + policy.integration());
    }
  }

  /// One attempt, at one endpoint; the place that [#enter] took is given back.
  private JsonNode attempt() throws HttpCallException, InterruptedException {
    long took = 0;
    try {
      Target target = begin();
      long begun = time.nanos();
      Boolean failed = null;
      try {
        HttpCall sent = shaping.request(Requests.at(target.endpoint(), call, policy, leftNanos()));
        contract.request(sent);
        Reply reply = means.sender.send(sent, auth());
        contract.answer(sent, reply);
        failed = false;
        system.meter.succeeded(operation(), time.nanos() - begun);
        note(reply);
        return shaping.answer(call, reply);
      } catch (HttpCallException e) {
        failed = Retries.isSystemsFault(e);
        system.meter.failed(operation(), e, time.nanos() - begun);
        contract.error(e);
        throw e;
      } finally {
        took = Math.max(1, time.nanos() - begun);
        ended(target, failed, took);
        took = failed == null ? 0 : took;
      }
    } finally {
      if (system.gate != null) {
        system.gate.leave(took);
      }
    }
  }

  /// The call's own comes first.
  private @Nullable JsonNode auth() {
    if (at.auth() != null) {
      return at.auth();
    }
    JsonNode agreed = policy.auth();
    return agreed == null ? null : means.surroundings.filling().authentication(agreed);
  }

  private String operation() {
    return at.operation() == null ? call.method() : at.operation();
  }

  private void note(Reply reply) {
    Policy.Version version = policy.version();
    String told = version == null || !version.alert() ? null : Deprecation.toldBy(reply);
    if (told != null) {
      var notice =
          new Notices.Notice(
              policy.integration(), Notices.Kind.DEPRECATED, Requests.about(call), told);
      means.surroundings.notices().tell(notice);
    }
  }

  private synchronized Target begin() throws HttpCallException {
    Target target = pass(system.targets(call.uri()).choose(tried));
    tried = target;
    target.begin();
    system.meter.attempts.increment();
    if (progress.attempts() == 0) {
      system.allowance.firstAttempt();
    }
    progress = progress.attempted();
    return target;
  }

  private Target pass(Target target) throws HttpCallException {
    Fuse fuse = target.fuse();
    if (fuse == null || fuse.tryPass()) {
      return target;
    }
    Policy.Breaker rule = policy.breaker();
    if (rule == null || rule.onOpen() == Policy.Breaker.OnOpen.FAIL) {
      HttpCallException open = Refusals.open(policy);
      refusal = open;
      throw open;
    }
    Instant until = fuse.refusingUntil();
    Instant now = time.now();
    Duration wait = until == null ? FIRST_PARKING : Duration.between(now, until);
    throw deferred(spread(wait), "the breaker of " + policy.integration() + " to close");
  }

  private void ended(Target target, @Nullable Boolean failed, long tookNanos) {
    target.end(failed, policy.balance().ejection());
    if (failed != null) {
      system.latencies.took(tookNanos);
    }
    Fuse fuse = target.fuse();
    if (fuse == null) {
      return;
    }
    if (failed == null) {
      fuse.withdrawn();
    } else if (failed) {
      fuse.failed(tookNanos);
    } else {
      fuse.succeeded(tookNanos);
    }
  }

  private void waitFor(@Nullable Duration wait, HttpCallException failure)
      throws HttpCallException, InterruptedException {
    if (wait == null) {
      throw failure;
    }
    boolean durable = wait.compareTo(policy.retry().durableAfter()) > 0;
    if (!durable && wait.toNanos() >= leftNanos()) {
      throw failure;
    }
    progress = progress.paid(system.allowance.tryRetry());
    if (progress.unpaid()) {
      if (policy.parks()) {
        throw parking("the retry budget of " + policy.integration());
      }
      throw failure;
    }
    system.meter.retries.increment();
    pause(
        wait,
        "attempt %d of a call to %s after: %s"
            .formatted(progress.attempts() + 1, policy.integration(), failure.title()));
  }

  /// Waits here if that is short, else durably.
  private void pause(Duration wait, String what) throws InterruptedException {
    if (wait.compareTo(policy.retry().durableAfter()) > 0) {
      throw deferred(wait, what);
    }
    if (wait.isPositive()) {
      time.sleep(wait);
    }
  }

  /// Comes back later, and later each time.
  private Deferred parking(String what) {
    int doublings = Math.min(progress.parked(), MOST_DOUBLINGS);
    return deferred(spread(FIRST_PARKING.multipliedBy(1L << doublings)), what);
  }

  private synchronized Deferred deferred(Duration wait, String what) {
    system.meter.deferrals.increment();
    return new Deferred(time.now().plus(wait), what, progress.held().payload());
  }

  /// A little later, so that those who wait for the same do not come together.
  private Duration spread(Duration wait) {
    return wait.plusMillis(random.nextLong(wait.toMillis() / 10 + 100));
  }

  private void failIfOver(@Nullable HttpCallException cause) throws HttpCallException {
    if (leftNanos() <= 0) {
      throw Refusals.overdue(policy, cause);
    }
  }

  /// Of the time for the whole call.
  private long leftNanos() {
    Duration overall = policy.timeout().overall();
    return overall == null ? Long.MAX_VALUE : overall.toNanos() - (time.nanos() - begunNanos);
  }
}
