package dev.skein.connectors.integration;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Fuse;
import dev.skein.connectors.resilience.Gate;
import dev.skein.connectors.resilience.Latencies;
import dev.skein.connectors.resilience.OwnPace;
import dev.skein.connectors.resilience.Pace;
import dev.skein.connectors.resilience.Places;
import dev.skein.connectors.resilience.RetryAllowance;
import dev.skein.connectors.resilience.SharedPace;
import dev.skein.connectors.resilience.Targets;
import dev.skein.connectors.resilience.Timeline;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the calls under one policy share. Thread-safe.
final class Integration {
  /// Hosts of a pattern such as `*.example.com`; beyond that the first are forgotten.
  private static final int MOST_HOSTS = 10_000;

  private static final int MOST_SHOWN = 100;

  final Policy policy;
  final RetryAllowance allowance;
  final @Nullable Pace pace;
  final @Nullable Gate gate;
  final Latencies latencies;
  final Meter meter;
  private final Shared shared;
  private final Timeline time;
  private final RandomGenerator random;
  private final @Nullable Targets declared;
  private final Map<URI, Targets> byOrigin = new ConcurrentHashMap<>();

  Integration(Policy policy, Shared shared, Pipeline.Surroundings in) {
    this.policy = policy;
    this.shared = shared;
    this.time = in.time();
    this.random = in.random();
    Policy.RateLimit rate = policy.rateLimit();
    Policy.Concurrency concurrency = policy.concurrency();
    this.allowance =
        shared.of(policy, "retryBudget", "", () -> new RetryAllowance(policy.retryBudget(), time));
    this.pace =
        rate == null ? null : shared.of(policy, "rateLimit", "", () -> pace(rate, in.places()));
    this.gate =
        concurrency == null
            ? null
            : shared.of(policy, "concurrency", "", () -> new Gate(concurrency));
    this.meter = shared.of(policy, "meter", "", () -> new Meter(time));
    this.latencies = new Latencies(time);
    this.declared = policy.endpoints().isEmpty() ? null : targets(policy);
  }

  private Pace pace(Policy.RateLimit rate, Places places) {
    return rate.cluster() && places.isShared()
        ? new SharedPace(policy.owner("rateLimit"), rate, places, time)
        : new OwnPace(rate, time);
  }

  private Targets targets(Policy of) {
    return new Targets(of, this::fuse, time, random);
  }

  private @Nullable Fuse fuse(Policy.Endpoint endpoint) {
    Policy.Breaker rule = policy.breaker();
    String url = endpoint.url().toString();
    return rule == null ? null : shared.of(policy, "breaker", url, () -> new Fuse(url, rule, time));
  }

  /// Where a call to that address may go.
  Targets targets(URI uri) {
    if (declared != null) {
      return declared;
    }
    URI origin = URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    if (byOrigin.size() >= MOST_HOSTS && !byOrigin.containsKey(origin)) {
      byOrigin.clear();
    }
    return byOrigin.computeIfAbsent(origin, this::only);
  }

  private Targets only(URI origin) {
    var endpoint = new Policy.Endpoint(origin, 1, Map.of());
    return targets(policy.at(List.of(endpoint)));
  }

  /// Asks its endpoints how they are, if that is agreed.
  void probe(Sender sender, ScheduledExecutorService timer) {
    Policy.Health rule = policy.balance().health();
    if (rule != null && declared != null) {
      new Probes(policy, rule, declared.all(), sender).begin(timer);
    }
  }

  /// What was measured; that of calls under another policy of the same integration with it.
  Measures measures() {
    var counts =
        new Measures.Counts(
            meter.calls.sum(),
            meter.attempts.sum(),
            meter.retries.sum(),
            meter.hedges.sum(),
            meter.deferrals.sum());
    Map<String, Long> errors = meter.errors();
    Latencies.Spread spread = meter.latencies.spread();
    var operations = new TreeMap<String, Measures.Operation>();
    meter
        .operations()
        .forEach((name, operation) ->
            operations.put(
                name,
                new Measures.Operation(
                    operation.attempts().sum(),
                    operation.failures().sum(),
                    operation.latencies().spread(),
                    operation.buckets().counts())));
    return new Measures(
        policy.integration(),
        counts,
        errors,
        spread,
        operations,
        endpoints(),
        gate == null ? null : new Measures.Line(gate.allowed(), gate.inside(), gate.waiting()),
        rate(spread),
        new Advice(policy, counts, errors, spread).given());
  }

  private Measures.@Nullable Rate rate(Latencies.@Nullable Spread spread) {
    Policy.RateLimit limit = policy.rateLimit();
    return limit == null
        ? null
        : new Measures.Rate(
            limit.limit() * 1e9 / limit.per().toNanos(), spread == null ? 0 : spread.perSecond());
  }

  private List<Measures.Endpoint> endpoints() {
    Stream<Targets> places = declared == null ? byOrigin.values().stream() : Stream.of(declared);
    return places
        .flatMap(targets -> targets.all().stream())
        .limit(MOST_SHOWN)
        .map(target -> {
          Fuse fuse = target.fuse();
          return new Measures.Endpoint(
              target.endpoint().url(),
              target.endpoint().labels(),
              fuse == null ? null : fuse.state(),
              target.underWay(),
              target.isWell(),
              target.isEjected());
        })
        .toList();
  }
}
