package dev.skein.connectors.policy;

import dev.skein.connectors.openapi.Contract;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What applies to a call: one block for each concern, null where nothing does.
///
/// @param integration whose policy it is: calls of one integration share its breaker, limits,
///   budget and measurements
/// @param endpoints where calls go instead of the host they name; empty for that host
/// @param owners by the block's name, the integration that declares it: whoever shares a block
///   shares what it counts
/// @param auth a policy of the language, or one of `apiKey`, `mtls`, `hmac`, `sigv4`; a call's own
///   comes first
public record Policy(
    String integration,
    List<Endpoint> endpoints,
    Balance balance,
    @Nullable JsonNode auth,
    Timeout timeout,
    Retry retry,
    RetryBudget retryBudget,
    @Nullable Hedge hedge,
    @Nullable RateLimit rateLimit,
    @Nullable Concurrency concurrency,
    @Nullable Breaker breaker,
    Idempotency idempotency,
    @Nullable Version version,
    Transform transform,
    @Nullable Agreement contract,
    Egress egress,
    Map<String, String> owners) {

  /// What applies where nothing is said.
  public static final Policy DEFAULT =
      new Policy(
          "default",
          List.of(),
          Balance.DEFAULT,
          null,
          Timeout.DEFAULT,
          Retry.NONE,
          RetryBudget.DEFAULT,
          null,
          null,
          null,
          null,
          Idempotency.DEFAULT,
          null,
          Transform.NONE,
          null,
          Egress.DEFAULT,
          Map.of());

  /// Whether calls wait for the integration to recover, for as long as that takes.
  public boolean parks() {
    return breaker != null && breaker.onOpen() == Breaker.OnOpen.PARK;
  }

  /// The integration that declares a block.
  public String owner(String block) {
    return owners.getOrDefault(block, integration);
  }

  /// The same for other endpoints.
  public Policy at(List<Endpoint> others) {
    return new Policy(
        integration,
        others,
        balance,
        auth,
        timeout,
        retry,
        retryBudget,
        hedge,
        rateLimit,
        concurrency,
        breaker,
        idempotency,
        version,
        transform,
        contract,
        egress,
        owners);
  }

  /// The same with another choice among endpoints.
  public Policy balanced(Balance other) {
    return new Policy(
        integration,
        endpoints,
        other,
        auth,
        timeout,
        retry,
        retryBudget,
        hedge,
        rateLimit,
        concurrency,
        breaker,
        idempotency,
        version,
        transform,
        contract,
        egress,
        owners);
  }

  /// One place that serves an integration.
  ///
  /// @param weight its share of the calls, against the weights of the others
  /// @param labels shown with its measurements
  public record Endpoint(URI url, int weight, Map<String, String> labels) {}

  /// How an endpoint is chosen for a call.
  ///
  /// @param ejection null if endpoints that fail are not left out
  /// @param health null if they are not asked
  public record Balance(Choice choice, @Nullable Ejection ejection, @Nullable Health health) {
    public static final Balance DEFAULT = new Balance(Choice.P2C, Ejection.DEFAULT, null);

    /// By which rule.
    public enum Choice {
      /// The one with fewer calls under way, of two drawn by weight.
      P2C,
      ROUND_ROBIN,
      /// In the proportion of the weights, as evenly mixed as can be.
      WEIGHTED
    }
  }

  /// An endpoint that fails so many times in a row gets no calls for a while; never more than half
  /// of them at a time.
  public record Ejection(int consecutiveFailures, Duration time) {
    public static final Ejection DEFAULT = new Ejection(5, Duration.ofSeconds(30));
  }

  /// How endpoints are asked whether they are well: by a GET that must be answered with success.
  /// One that is not gets no calls until it is.
  ///
  /// @param failures in a row that make it unwell
  /// @param successes in a row that make it well again
  public record Health(
      String path, Duration every, Duration timeout, int failures, int successes) {}

  /// @param attempt how long one attempt may last
  /// @param overall how long the call may last with all its attempts and waits, durable ones not
  ///   counted; null for any time
  /// @param propagate whether the time left is sent along, as `Request-Timeout` in seconds
  public record Timeout(
      Duration connect, Duration attempt, @Nullable Duration overall, boolean propagate) {
    public static final Timeout DEFAULT =
        new Timeout(Duration.ofSeconds(10), Duration.ofMinutes(5), null, false);
  }

  /// @param attempts including the first
  /// @param on what is tried again; only calls that may be repeated are
  /// @param honourRetryAfter the longest wait that a server may ask for; a longer one fails the
  ///   call
  /// @param durableAfter waits longer than this hold no thread: the run leaves memory
  public record Retry(
      int attempts,
      Set<Trigger> on,
      Backoff backoff,
      Duration honourRetryAfter,
      Duration durableAfter) {
    /// What is tried again where nothing is said.
    public static final Set<Trigger> USUAL =
        Set.of(
            new Trigger.Connect(),
            new Trigger.Status(429),
            new Trigger.Status(502),
            new Trigger.Status(503),
            new Trigger.Status(504));

    public static final Retry NONE =
        new Retry(1, Set.of(), Backoff.DEFAULT, Duration.ofHours(1), Duration.ofSeconds(5));
  }

  /// A reason to try again.
  public sealed interface Trigger {
    /// No connection was made: nothing was sent.
    record Connect() implements Trigger {}

    /// The connection was lost, or no answer came in time.
    record Reset() implements Trigger {}

    record Status(int code) implements Trigger {}
  }

  /// The wait before the n-th retry: `first * factor^(n-1)`, at most `max`, and of that a share of
  /// `jitter` (0 to 1) at random.
  public record Backoff(Duration first, double factor, Duration max, double jitter) {
    public static final Backoff DEFAULT =
        new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(20), 0.5);
  }

  /// Retries may add so many percent to the calls of an integration, and so many each second
  /// besides.
  public record RetryBudget(int percent, int minPerSecond) {
    public static final RetryBudget DEFAULT = new RetryBudget(20, 3);
  }

  /// A second attempt is sent beside the first if that takes longer than usual; the first answer
  /// counts.
  ///
  /// @param after null for the given percentile of the calls so far
  /// @param percentile 50 to 99.9
  public record Hedge(@Nullable Duration after, double percentile, Set<String> methods) {}

  /// @param burst how many may be sent at once after a pause
  public record RateLimit(boolean cluster, int limit, Duration per, int burst, OnLimit onLimit) {
    /// Between two calls that go out evenly.
    public Duration spacing() {
      return Duration.ofNanos(Math.max(1, per.toNanos() / limit));
    }

    /// How much too early a call may come.
    public Duration tolerance() {
      return spacing().multipliedBy(Math.max(0, burst - 1));
    }

    /// What becomes of a call beyond the limit.
    public enum OnLimit {
      WAIT,
      FAIL
    }
  }

  /// @param max calls under way
  /// @param queue calls that wait for one of them to end
  /// @param adaptive whether `max` is lowered while calls take longer than usual
  public record Concurrency(int max, int queue, boolean adaptive) {}

  /// @param failureRate in percent of the last `window` calls
  /// @param slowCall calls that take longer count as failed; null if none does
  /// @param openFor how long no calls are made then
  public record Breaker(
      int failureRate, @Nullable Duration slowCall, int window, Duration openFor, OnOpen onOpen) {
    /// What becomes of a call while it is open.
    public enum OnOpen {
      /// Waits durably until it is tried again.
      PARK,
      FAIL
    }
  }

  /// @param header carries the key of the call; null if none is sent
  public record Idempotency(@Nullable String header) {
    public static final Idempotency DEFAULT = new Idempotency("Idempotency-Key");
  }

  /// @param header the name and value that ask for a version of the API; null if none is sent
  /// @param alert whether somebody is told when an answer says that what was called is going away
  public record Version(Map.@Nullable Entry<String, String> header, boolean alert) {}

  /// What requests and answers are made into, in data with expressions.
  ///
  /// Null where nothing changes.
  public record Transform(@Nullable RequestShape request, @Nullable ResponseShape response) {
    public static final Transform NONE = new Transform(null, null);
  }

  /// Null where nothing changes.
  ///
  /// @param headers added to those of the call; null takes one away
  /// @param query likewise
  public record RequestShape(
      @Nullable JsonNode body, @Nullable JsonNode headers, @Nullable JsonNode query) {}

  /// @param body what becomes of an answer's content
  public record ResponseShape(@Nullable JsonNode body) {}

  /// What requests and answers are held against.
  public record Agreement(Contract terms, Strictness request, Strictness response) {
    /// What becomes of a call that breaks it.
    public enum Strictness {
      /// It fails.
      ENFORCE,
      /// Somebody is told.
      WARN,
      OFF
    }
  }

  /// @param privateNetworks whether private addresses may be reached
  public record Egress(boolean privateNetworks) {
    public static final Egress DEFAULT = new Egress(true);
    public static final Egress PUBLIC_ONLY = new Egress(false);
  }
}
