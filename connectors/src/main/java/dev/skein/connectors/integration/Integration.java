package dev.skein.connectors.integration;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Gate;
import dev.skein.connectors.resilience.Latencies;
import dev.skein.connectors.resilience.Pace;
import dev.skein.connectors.resilience.RetryAllowance;
import dev.skein.connectors.resilience.Targets;
import dev.skein.connectors.resilience.Timeline;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What the calls under one policy share. Thread-safe.
final class Integration {
  /// Hosts of a pattern such as `*.example.com`; beyond that the first are forgotten.
  private static final int MOST_HOSTS = 10_000;

  final Policy policy;
  final RetryAllowance allowance;
  final @Nullable Pace pace;
  final @Nullable Gate gate;
  final Latencies latencies;
  final Meter meter = new Meter();
  private final Timeline time;
  private final RandomGenerator random;
  private final @Nullable Targets declared;
  private final Map<URI, Targets> byOrigin = new ConcurrentHashMap<>();

  Integration(Policy policy, Timeline time, RandomGenerator random) {
    this.policy = policy;
    this.time = time;
    this.random = random;
    this.allowance = new RetryAllowance(policy.retryBudget(), time);
    this.pace = policy.rateLimit() == null ? null : new Pace(policy.rateLimit(), time);
    this.gate = policy.concurrency() == null ? null : new Gate(policy.concurrency());
    this.latencies = new Latencies(time);
    this.declared = policy.endpoints().isEmpty() ? null : new Targets(policy, time, random);
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
    return new Targets(policy.at(List.of(endpoint)), time, random);
  }
}
